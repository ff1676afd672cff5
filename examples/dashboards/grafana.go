package main

// schemaVersion is that of Grafana's classic dashboards, the last of its kind.
const schemaVersion = 42

// A dashboard is a page of rows.
type dashboard struct {
	uid, title, description string
	rows                    []row
}

type row struct {
	title  string
	panels []panel
}

// A panel shows one or a few series of one unit.
type panel struct {
	title, description string
	unit               string // Grafana's: s, bytes, short, reqps, percentunit
	stat               bool   // one figure in place of a graph
	bad                *float64
	series             []series
}

type series struct{ expr, legend string }

// badFrom colours a stat red from a value on.
func badFrom(v float64) *float64 { return &v }

const (
	width, height = 24, 8
	statHeight    = 4
)

type object = map[string]any

var source = object{"type": "prometheus", "uid": "${datasource}"}

// grafana is the dashboard as Grafana's file provisioning takes it.
func (d dashboard) grafana() object {
	var panels []object
	id, y := 0, 0
	next := func() int { id++; return id }
	for _, r := range d.rows {
		panels = append(panels, object{
			"id": next(), "type": "row", "title": r.title, "collapsed": false, "panels": []object{},
			"gridPos": object{"h": 1, "w": width, "x": 0, "y": y},
		})
		y++
		x, tall := 0, 0
		for _, p := range r.panels {
			w, h := width/2, height
			if p.stat {
				w, h = width/6, statHeight
			}
			if x+w > width {
				x, y, tall = 0, y+tall, 0
			}
			panels = append(panels, p.grafana(next(), object{"h": h, "w": w, "x": x, "y": y}))
			x, tall = x+w, max(tall, h)
		}
		y += tall
	}
	return object{
		"id": nil, "uid": d.uid, "title": d.title, "description": d.description, "tags": []string{"carebus"},
		"schemaVersion": schemaVersion, "version": 1, "editable": false, "graphTooltip": 1, "timezone": "utc", "refresh": "30s",
		"time":        object{"from": "now-6h", "to": "now"},
		"annotations": object{"list": []object{}},
		"links":       []object{{"title": "Runbook", "type": "link", "url": runbook, "targetBlank": true}},
		"templating": object{"list": []object{
			{"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "refresh": 1, "hide": 0},
			variable("job", "Job", "label_values("+anchor+", job)"),
			variable("instance", "Instance", `label_values(`+anchor+`{job=~"$job"}, instance)`),
		}},
		"panels": panels,
	}
}

func variable(name, label, query string) object {
	return object{
		"name": name, "label": label, "type": "query", "datasource": source, "refresh": 2, "sort": 1,
		"query": object{"query": query, "refId": "variable"}, "definition": query,
		"multi": true, "includeAll": true, "allValue": ".+", "current": object{"text": []string{"All"}, "value": []string{"$__all"}},
	}
}

func (p panel) grafana(id int, at object) object {
	kind, options := "timeseries", object{
		"legend": object{"displayMode": "table", "placement": "bottom", "calcs": []string{"lastNotNull", "max"}}, "tooltip": object{"mode": "multi", "sort": "desc"},
	}
	if p.stat {
		kind, options = "stat", object{"reduceOptions": object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false}, "colorMode": "value", "graphMode": "area"}
	}
	steps := []object{{"color": "green", "value": nil}}
	if p.bad != nil {
		steps = append(steps, object{"color": "red", "value": *p.bad})
	}
	var targets []object
	for i, s := range p.series {
		targets = append(targets, object{
			"refId": string(rune('A' + i)), "datasource": source, "expr": s.expr, "legendFormat": s.legend, "range": true, "instant": false, "editorMode": "code",
		})
	}
	return object{
		"id": id, "type": kind, "title": p.title, "description": p.description, "datasource": source, "gridPos": at, "options": options, "targets": targets,
		"fieldConfig": object{
			"defaults":  object{"unit": p.unit, "min": 0, "thresholds": object{"mode": "absolute", "steps": steps}},
			"overrides": []object{},
		},
	}
}
