{{- define "cdrstream.name" -}}
{{- if contains "cdrstream" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-cdrstream" .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "cdrstream.selector" -}}
app.kubernetes.io/name: cdrstream
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "cdrstream.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "cdrstream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "cdrstream.scheme" -}}
{{- if .Values.config.http.tls -}}HTTPS{{- else -}}HTTP{{- end -}}
{{- end -}}
