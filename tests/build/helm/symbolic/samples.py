"""Charts that are written as charts are: helpers, switches, alternatives, merged labels, library-like helpers."""

HELPERS = """{{- define "shop.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}
{{- define "shop.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "shop.labels" -}}
{{ include "shop.selectorLabels" . }}
{{- if .Values.tier }}
tier: {{ .Values.tier | quote }}
{{- end }}
{{- end }}
{{- define "shop.render" -}}
{{- $value := typeIs "string" .value | ternary .value (.value | toYaml) }}
{{- if contains "{{" (toJson .value) }}{{ tpl $value .context }}{{ else }}{{ $value }}{{ end }}
{{- end }}
{{- define "shop.merged" -}}
{{- $into := dict -}}
{{- range .values -}}
{{- $into = include "shop.render" (dict "value" . "context" $.context) | fromYaml | merge $into -}}
{{- end -}}
{{ $into | toYaml }}
{{- end }}
"""
VALUES = """fullnameOverride: ""
nameOverride: ""
tier: ""
podLabels: {}
commonLabels: {}
service:
  enabled: true
  type: ClusterIP
  port: 80
  targetPort: http
metrics:
  enabled: false
  port: 9090
ingress:
  enabled: false
  className: ""
  extraHosts: []
persistence:
  enabled: false
  size: 1Gi
policy:
  enabled: false
"""
DEPLOYMENT = """{{- $labels := include "shop.merged" (dict "values" (list .Values.podLabels .Values.commonLabels) "context" $) | fromYaml }}
apiVersion: apps/v1
kind: {{ if .Values.persistence.enabled }}StatefulSet{{ else }}Deployment{{ end }}
metadata:
  name: {{ include "shop.fullname" . }}
  labels: {{- include "shop.labels" . | nindent 4 }}
spec:
  {{- if .Values.persistence.enabled }}
  serviceName: {{ include "shop.fullname" . }}-headless
  {{- end }}
  selector:
    matchLabels:
      {{- include "shop.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "shop.labels" . | nindent 8 }}
        {{- with $labels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "shop:{{ .Values.tier | default .Chart.Version }}"
          {{- if .Values.persistence.enabled }}
          args: ["--data", {{ .Values.persistence.size | quote }}]
          {{- else }}
          args: ["--no-data"]
          {{- end }}
          ports:
            - name: http
              containerPort: 8080
            {{- if .Values.metrics.enabled }}
            - name: metrics
              containerPort: {{ .Values.metrics.port }}
            {{- end }}
"""
SERVICES = """{{- if .Values.service.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  type: {{ .Values.service.type }}
  selector:
    {{- include "shop.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: {{ .Values.service.targetPort }}
{{- if .Values.metrics.enabled }}
    - name: metrics
      port: {{ .Values.metrics.port }}
      targetPort: metrics
{{- end }}
{{- end }}
{{- if .Values.persistence.enabled }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.fullname" . }}-headless
spec:
  clusterIP: None
  selector: {{- include "shop.selectorLabels" . | nindent 4 }}
  ports:
    - port: 8080
{{- end }}
"""
INGRESS = """{{- if .Values.ingress.enabled }}
{{- $name := include "shop.fullname" . -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $name }}
spec:
  {{- with .Values.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ $name }}
                port:
                  number: {{ .Values.service.port }}
    {{- range .Values.ingress.extraHosts }}
    - host: {{ .host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ $name }}
                port:
                  name: http
    {{- end }}
{{- end }}
"""
POLICY = """{{- if .Values.policy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  podSelector:
    matchLabels: {{- include "shop.selectorLabels" . | nindent 6 }}
  ingress:
    - {}
{{- end }}
"""
SHOP = {
    "values.yaml": VALUES,
    "templates/_helpers.tpl": HELPERS,
    "templates/deployment.yaml": DEPLOYMENT,
    "templates/services.yaml": SERVICES,
    "templates/ingress.yaml": INGRESS,
    "templates/policy.yaml": POLICY,
}
