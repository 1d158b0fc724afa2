'use strict';
(() => {
  const dark = () => (document.documentElement.dataset.theme
    || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

  const localTimes = (root) => root.querySelectorAll('time[datetime]').forEach((time) => {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) return;
    const today = at.toDateString() === new Date().toDateString();
    time.title = time.dateTime;
    time.textContent = at.toLocaleString([], today
      ? { hour: '2-digit', minute: '2-digit', second: '2-digit' }
      : { year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  });

  const notice = (text) => {
    const box = document.getElementById('notice');
    box.textContent = text;
    box.hidden = false;
    clearTimeout(notice.timer);
    notice.timer = setTimeout(() => { box.hidden = true; }, 8000);
  };

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-theme-toggle]')) {
      const next = dark() ? 'light' : 'dark';
      document.documentElement.dataset.theme = next;
      localStorage.setItem('theme', next);
      document.dispatchEvent(new CustomEvent('themechange'));
    }
    const all = event.target.closest('[data-check-all]');
    if (all) {
      all.closest('form').querySelectorAll('input[type=checkbox][name]').forEach((box) => { box.checked = all.checked; });
    }
  });

  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-submit-on-change]')) event.target.form.requestSubmit();
    if (event.target.matches('[data-preset]') && event.target.value) {
      const preset = event.target.selectedOptions[0].dataset;
      const form = event.target.form;
      form.elements['connection.host'].value = preset.host;
      form.elements['connection.port'].value = preset.port;
      form.elements['connection.security'].value = preset.security;
      form.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });

  // Each form is sent once: a second click does nothing.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    if (form.method === 'post' && !form.hasAttribute('hx-post')) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = 'yes';
    }
  });

  document.addEventListener('htmx:responseError', (event) => {
    const status = event.detail.xhr.status;
    if (status !== 401) notice(status === 403 ? 'This is not allowed to you.' : `That did not work (${status}).`);
  });
  document.addEventListener('htmx:sendError', () => notice('The console does not answer.'));
  document.addEventListener('htmx:afterSettle', (event) => localTimes(event.target.parentElement || document));

  const phone = matchMedia('(max-width: 900px)');
  const fold = () => document.querySelectorAll('details.menu').forEach((menu) => { menu.open = !phone.matches; });
  phone.addEventListener('change', fold);
  fold();
  localTimes(document);
})();
// The form of settings: what a review finds wrong is said beside its field.
(() => {
  const say = () => {
    const found = new Map([...document.querySelectorAll('#review [data-problem], #outcome [data-problem]')]
      .map((one) => [one.dataset.problem, one.querySelector('span').textContent]));
    document.querySelectorAll('[data-error-of]').forEach((place) => {
      const words = found.get(place.dataset.errorOf) || '';
      place.textContent = words;
      const field = document.getElementsByName(place.dataset.errorOf)[0];
      if (field) field.toggleAttribute('aria-invalid', Boolean(words));
    });
  };
  document.addEventListener('htmx:afterSettle', (event) => { if (event.target.id === 'review') say(); });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-set-base]');
    if (!button) return;
    const form = document.getElementById('settings');
    form.elements.base.value = button.dataset.setBase;
    document.getElementById('outcome').replaceChildren();
    form.dispatchEvent(new Event('input', { bubbles: true }));
  });
})();
// The log stands still while mails are being chosen from it.
document.addEventListener('htmx:beforeRequest', (event) => {
  if (event.detail.elt.hasAttribute('data-live') && document.querySelector('#rows input:checked')) event.preventDefault();
});
