// Sorting and filtering; the page reads without it. No data passes through markup here.
(function () {
  "use strict";
  var root = document.querySelector(".seppcheck");
  if (!root) { return; }

  function reveal() {
    var place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = place; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (place) { place.scrollIntoView(); }
  }

  function sortable(table) {
    var heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table.tBodies[0], column, down ? -1 : 1);
      });
    });
  }

  function sort(body, column, direction) {
    var collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    Array.prototype.slice.call(body.rows)
      .sort(function (a, b) {
        return direction * collator.compare(a.cells[column].textContent, b.cells[column].textContent);
      })
      .forEach(function (row) { body.appendChild(row); });
  }

  function filter(box) {
    var field = box.querySelector("input");
    var output = box.querySelector("output");
    var rows = Array.prototype.slice.call(root.querySelectorAll(".row"));
    var groups = Array.prototype.slice.call(root.querySelectorAll("details.group, details.fold"));
    var words = null;
    var waiting = 0;
    function apply() {
      var wanted = field.value.trim().toLowerCase();
      words = words || rows.map(function (row) { return row.textContent.toLowerCase(); });
      var shown = 0;
      rows.forEach(function (row, place) {
        row.hidden = wanted !== "" && words[place].indexOf(wanted) < 0;
        shown += row.hidden ? 0 : 1;
      });
      groups.forEach(function (group) {
        var found = group.querySelector(".row:not([hidden])");
        group.hidden = !found && group.querySelector(".row") !== null;
        if (wanted && found && groups.length < 60) { group.open = true; }
      });
      output.textContent = wanted ? shown + " / " + rows.length : "";
    }
    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    box.hidden = false;
  }

  Array.prototype.forEach.call(root.querySelectorAll("table.sortable"), sortable);
  filter(root.querySelector(".filter"));
  addEventListener("hashchange", reveal);
  if (location.hash) { reveal(); }
}());
