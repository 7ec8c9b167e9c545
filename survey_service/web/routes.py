"""How addresses are read."""

from werkzeug.routing import BaseConverter


class WaveId(BaseConverter):
    """The id of a wave in an address; anything else is no address of ours."""

    regex = "[a-z0-9-]{1,40}"
