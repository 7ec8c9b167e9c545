// Carries the unit key of a QR code (#u=KEY, which no server sees) from the landing page to the
// questionnaire and chooses the unit there; moves the focus to the list of what is missing.
(function () {
  var key = /[#&]u=([0-9A-Za-z]+)/.exec(location.hash);
  var unit = document.getElementById("unit");
  var summary = document.getElementById("summary");
  var links = document.querySelectorAll("a[data-carry]");
  if (key) {
    for (var i = 0; i < links.length; i++) links[i].hash = "u=" + key[1];
    if (unit && !unit.value) {
      unit.value = key[1];
      if (unit.selectedIndex < 0) unit.selectedIndex = 0;
    }
  }
  if (summary) summary.focus();
})();
