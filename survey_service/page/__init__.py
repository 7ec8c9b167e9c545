"""The phone page: a questionnaire laid out, its templates, one stylesheet, one script.

Knows no request and no address: the web door fills in both, the preview neither.
"""
