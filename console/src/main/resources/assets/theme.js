// Before anything is drawn: the theme chosen here earlier, or else the system's.
(() => {
  const chosen = localStorage.getItem('theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
