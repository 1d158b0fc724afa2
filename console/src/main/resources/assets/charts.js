'use strict';
(() => {
  const colours = {
    sent: '#2e9e62', silenced: '#5b7cfa', dropped: '#8792a3', deferred: '#e0a030', 'in-doubt': '#c77d1a',
    held: '#b98a00', rejected: '#d9534f', expired: '#a33c8f', malformed: '#7d4fc4', duplicate: '#5aa7b8',
  };
  const places = [...document.querySelectorAll('[data-chart]')];
  const charts = new Map();
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const resolved = (value) => {
    const probe = document.createElement('i');
    probe.style.color = value;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  };

  const options = (place, series) => {
    const axis = { stroke: resolved(css('--soft')), grid: { stroke: resolved(css('--line')), width: 1 }, ticks: { show: false } };
    return {
      width: place.clientWidth, height: 190, series: [{}, ...series], legend: { show: series.length > 1 },
      axes: [axis, { ...axis, size: 48 }], cursor: { y: false },
      scales: { y: { range: (u, min, max) => [0, Math.max(max * 1.1, 5)] } },
    };
  };

  const draw = (place, data, series) => {
    const known = charts.get(place);
    const names = series.map((one) => one.label).join();
    if (known && known.names === names) {
      known.chart.setData(data);
      return;
    }
    place.replaceChildren();
    charts.set(place, { names, chart: new uPlot(options(place, series), data, place) });
  };

  const line = (label, colour) => ({ label, stroke: colour, width: 2, fill: `${colour}22`, points: { show: false } });

  const refresh = async () => {
    const answer = await fetch('/fleet/series');
    if (!answer.ok) return;
    const all = await answer.json();
    places.forEach((place) => {
      if (place.dataset.chart === 'outcomes') {
        const names = Object.keys(all.outcomes);
        draw(place, [all.minutes, ...names.map((name) => all.outcomes[name])],
          names.map((name) => line(name, colours[name] || '#888888')));
      } else {
        draw(place, [all.at, all[place.dataset.chart]], [line(place.previousElementSibling.textContent, '#5b7cfa')]);
      }
    });
  };

  const again = () => { charts.clear(); refresh(); };
  let timer;
  addEventListener('resize', () => { clearTimeout(timer); timer = setTimeout(again, 40); });
  document.addEventListener('themechange', again);
  refresh();
  setInterval(refresh, 5000);
})();
