// Carries what a QR code holds behind the # (u=UNIT of a poster, c=CODE of a card; no server sees it)
// from page to page and fills it in on the form; moves the focus to the list of what is missing.
(function () {
  var carried = /[#&]([uc])=([^&?#]+)/.exec(location.hash);
  var field = carried && document.getElementById(carried[1] === "c" ? "code" : "unit");
  var summary = document.getElementById("summary");
  var links = document.querySelectorAll("a[data-carry]");
  if (carried) {
    for (var i = 0; i < links.length; i++) links[i].hash = carried[1] + "=" + carried[2];
    if (field && !field.value) {
      field.value = carried[2];
      if (field.selectedIndex < 0) field.selectedIndex = 0;
    }
  }
  if (summary) summary.focus();
})();
