// Generated from the field catalogue by scripts/generate-normalizer.ts. Do not edit.

import type { CdrFields } from '@cdrstream/catalogue'
import { type Findings, readBoolean, readDecimal, readInteger, readText, readTimestamp } from '../read-value.ts'

/** Reads the fields by their exact names. */
export function normalizeFields(record: Readonly<Record<string, unknown>>, findings: Findings): CdrFields {
  const fields: { -readonly [Column in keyof CdrFields]: CdrFields[Column] } = {
    answer_time: null,
    answered: null,
    direction: null,
    called_line_id: null,
    call_id: null,
    calling_line_id: null,
    start_time: null,
    call_type: null,
    client_type: null,
    client_version: null,
    correlation_id: null,
    international_country: null,
    device_mac: null,
    duration: null,
    inbound_trunk: null,
    org_uuid: null,
    original_reason: null,
    os_type: null,
    outbound_trunk: null,
    redirect_reason: null,
    related_reason: null,
    report_id: null,
    report_time: null,
    route_group: null,
    site_main_number: null,
    site_timezone: null,
    sub_client_type: null,
    user_uuid: null,
    user_type: null,
    user: null,
    called_number: null,
    calling_number: null,
    location: null,
    dialed_digits: null,
    releasing_party: null,
    redirecting_number: null,
    site_uuid: null,
    department_id: null,
    transfer_related_call_id: null,
    authorization_code: null,
    model: null,
    local_session_id: null,
    remote_session_id: null,
    call_transfer_time: null,
    local_call_id: null,
    remote_call_id: null,
    network_call_id: null,
    related_call_id: null,
    user_number: null,
    call_outcome: null,
    call_outcome_reason: null,
    ring_duration: null,
    answer_indicator: null,
    release_time: null,
    final_local_session_id: null,
    final_remote_session_id: null,
    pstn_legal_entity: null,
    pstn_vendor_org_id: null,
    pstn_vendor_name: null,
    pstn_provider_id: null,
    external_customer_id: null,
    redirecting_party_uuid: null,
    public_calling_ip_address: null,
    public_called_ip_address: null,
    caller_id_number: null,
    external_caller_id_number: null,
    device_owner_uuid: null,
    call_recording_platform_name: null,
    call_recording_result: null,
    call_recording_trigger: null,
    original_called_party_uuid: null,
    recall_type: null,
    auto_attendant_key_pressed: null,
    queue_type: null,
    answered_elsewhere: null,
    hold_duration: null,
    route_list_calls_overage: null,
    caller_reputation_score: null,
    caller_reputation_service_result: null,
    caller_reputation_score_reason: null,
    interaction_id: null,
    wxcc_consult_merge_status: null,
    elin: null,
    emergency_number_source: null,
    transfer_type: null,
    transfer_type_context: null,
    answer_reason: null,
  }
  let absent = 0
  let value: unknown

  value = record["Answer time"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.answer_time = readTimestamp(value, "Answer time", findings)

  value = record["Answered"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.answered = readBoolean(value, "Answered", findings)

  value = record["Direction"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.direction = typeof value === 'string' ? value : readText(value, "Direction", findings)

  value = record["Called line ID"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "NA") fields.called_line_id = typeof value === 'string' ? value : readText(value, "Called line ID", findings)

  value = record["Call ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_id = typeof value === 'string' ? value : readText(value, "Call ID", findings)

  value = record["Calling line ID"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "NA") fields.calling_line_id = typeof value === 'string' ? value : readText(value, "Calling line ID", findings)

  value = record["Start time"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.start_time = readTimestamp(value, "Start time", findings)

  value = record["Call type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_type = typeof value === 'string' ? value : readText(value, "Call type", findings)

  value = record["Client type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.client_type = typeof value === 'string' ? value : readText(value, "Client type", findings)

  value = record["Client version"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.client_version = typeof value === 'string' ? value : readText(value, "Client version", findings)

  value = record["Correlation ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.correlation_id = typeof value === 'string' ? value : readText(value, "Correlation ID", findings)

  value = record["International country"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.international_country = typeof value === 'string' ? value : readText(value, "International country", findings)

  value = record["Device MAC"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.device_mac = typeof value === 'string' ? value : readText(value, "Device MAC", findings)

  value = record["Duration"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.duration = readDecimal(value, "Duration", findings)

  value = record["Inbound trunk"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.inbound_trunk = typeof value === 'string' ? value : readText(value, "Inbound trunk", findings)

  value = record["Org UUID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.org_uuid = typeof value === 'string' ? value : readText(value, "Org UUID", findings)

  value = record["Original reason"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.original_reason = typeof value === 'string' ? value : readText(value, "Original reason", findings)

  value = record["OS type"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "na") fields.os_type = typeof value === 'string' ? value : readText(value, "OS type", findings)

  value = record["Outbound trunk"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.outbound_trunk = typeof value === 'string' ? value : readText(value, "Outbound trunk", findings)

  value = record["Redirect reason"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.redirect_reason = typeof value === 'string' ? value : readText(value, "Redirect reason", findings)

  value = record["Related reason"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.related_reason = typeof value === 'string' ? value : readText(value, "Related reason", findings)

  value = record["Report ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.report_id = typeof value === 'string' ? value : readText(value, "Report ID", findings)

  value = record["Report time"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.report_time = readTimestamp(value, "Report time", findings)

  value = record["Route group"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.route_group = typeof value === 'string' ? value : readText(value, "Route group", findings)

  value = record["Site main number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.site_main_number = typeof value === 'string' ? value : readText(value, "Site main number", findings)

  value = record["Site timezone"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.site_timezone = readInteger(value, "Site timezone", findings)

  value = record["Sub client type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.sub_client_type = typeof value === 'string' ? value : readText(value, "Sub client type", findings)

  value = record["User UUID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.user_uuid = typeof value === 'string' ? value : readText(value, "User UUID", findings)

  value = record["User type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.user_type = typeof value === 'string' ? value : readText(value, "User type", findings)

  value = record["User"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.user = typeof value === 'string' ? value : readText(value, "User", findings)

  value = record["Called number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.called_number = typeof value === 'string' ? value : readText(value, "Called number", findings)

  value = record["Calling number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.calling_number = typeof value === 'string' ? value : readText(value, "Calling number", findings)

  value = record["Location"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.location = typeof value === 'string' ? value : readText(value, "Location", findings)

  value = record["Dialed digits"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.dialed_digits = typeof value === 'string' ? value : readText(value, "Dialed digits", findings)

  value = record["Releasing party"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.releasing_party = typeof value === 'string' ? value : readText(value, "Releasing party", findings)

  value = record["Redirecting number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.redirecting_number = typeof value === 'string' ? value : readText(value, "Redirecting number", findings)

  value = record["Site UUID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.site_uuid = typeof value === 'string' ? value : readText(value, "Site UUID", findings)

  value = record["Department ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.department_id = typeof value === 'string' ? value : readText(value, "Department ID", findings)

  value = record["Transfer related call ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.transfer_related_call_id = typeof value === 'string' ? value : readText(value, "Transfer related call ID", findings)

  value = record["Authorization code"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.authorization_code = typeof value === 'string' ? value : readText(value, "Authorization code", findings)

  value = record["Model"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "na") fields.model = typeof value === 'string' ? value : readText(value, "Model", findings)

  value = record["Local SessionID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.local_session_id = typeof value === 'string' ? value : readText(value, "Local SessionID", findings)

  value = record["Remote SessionID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.remote_session_id = typeof value === 'string' ? value : readText(value, "Remote SessionID", findings)

  value = record["Call transfer time"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_transfer_time = readTimestamp(value, "Call transfer time", findings)

  value = record["Local call ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.local_call_id = typeof value === 'string' ? value : readText(value, "Local call ID", findings)

  value = record["Remote call ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.remote_call_id = typeof value === 'string' ? value : readText(value, "Remote call ID", findings)

  value = record["Network call ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.network_call_id = typeof value === 'string' ? value : readText(value, "Network call ID", findings)

  value = record["Related call ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.related_call_id = typeof value === 'string' ? value : readText(value, "Related call ID", findings)

  value = record["User number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.user_number = typeof value === 'string' ? value : readText(value, "User number", findings)

  value = record["Call outcome"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_outcome = typeof value === 'string' ? value : readText(value, "Call outcome", findings)

  value = record["Call outcome reason"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_outcome_reason = typeof value === 'string' ? value : readText(value, "Call outcome reason", findings)

  value = record["Ring duration"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.ring_duration = readInteger(value, "Ring duration", findings)

  value = record["Answer indicator"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.answer_indicator = typeof value === 'string' ? value : readText(value, "Answer indicator", findings)

  value = record["Release time"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.release_time = readTimestamp(value, "Release time", findings)

  value = record["Final local SessionID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.final_local_session_id = typeof value === 'string' ? value : readText(value, "Final local SessionID", findings)

  value = record["Final remote SessionID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.final_remote_session_id = typeof value === 'string' ? value : readText(value, "Final remote SessionID", findings)

  value = record["PSTN legal entity"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.pstn_legal_entity = typeof value === 'string' ? value : readText(value, "PSTN legal entity", findings)

  value = record["PSTN vendor org ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.pstn_vendor_org_id = typeof value === 'string' ? value : readText(value, "PSTN vendor org ID", findings)

  value = record["PSTN vendor name"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.pstn_vendor_name = typeof value === 'string' ? value : readText(value, "PSTN vendor name", findings)

  value = record["PSTN provider ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.pstn_provider_id = typeof value === 'string' ? value : readText(value, "PSTN provider ID", findings)

  value = record["External customer ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.external_customer_id = typeof value === 'string' ? value : readText(value, "External customer ID", findings)

  value = record["Redirecting party UUID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.redirecting_party_uuid = typeof value === 'string' ? value : readText(value, "Redirecting party UUID", findings)

  value = record["Public Calling IP Address"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "NA") fields.public_calling_ip_address = typeof value === 'string' ? value : readText(value, "Public Calling IP Address", findings)

  value = record["Public Called IP Address"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "NA") fields.public_called_ip_address = typeof value === 'string' ? value : readText(value, "Public Called IP Address", findings)

  value = record["Caller ID number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.caller_id_number = typeof value === 'string' ? value : readText(value, "Caller ID number", findings)

  value = record["External caller ID number"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.external_caller_id_number = typeof value === 'string' ? value : readText(value, "External caller ID number", findings)

  value = record["Device owner UUID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.device_owner_uuid = typeof value === 'string' ? value : readText(value, "Device owner UUID", findings)

  value = record["Call Recording Platform Name"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_recording_platform_name = typeof value === 'string' ? value : readText(value, "Call Recording Platform Name", findings)

  value = record["Call Recording Result"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_recording_result = typeof value === 'string' ? value : readText(value, "Call Recording Result", findings)

  value = record["Call Recording Trigger"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.call_recording_trigger = typeof value === 'string' ? value : readText(value, "Call Recording Trigger", findings)

  value = record["Original called party UUID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.original_called_party_uuid = typeof value === 'string' ? value : readText(value, "Original called party UUID", findings)

  value = record["Recall type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.recall_type = typeof value === 'string' ? value : readText(value, "Recall type", findings)

  value = record["Auto Attendant Key Pressed"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "NA") fields.auto_attendant_key_pressed = typeof value === 'string' ? value : readText(value, "Auto Attendant Key Pressed", findings)

  value = record["Queue type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.queue_type = typeof value === 'string' ? value : readText(value, "Queue type", findings)

  value = record["Answered elsewhere"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.answered_elsewhere = typeof value === 'string' ? value : readText(value, "Answered elsewhere", findings)

  value = record["Hold duration"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.hold_duration = readDecimal(value, "Hold duration", findings)

  value = record["Route list calls overage"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.route_list_calls_overage = readInteger(value, "Route list calls overage", findings)

  value = record["Caller Reputation Score"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.caller_reputation_score = readDecimal(value, "Caller Reputation Score", findings)

  value = record["Caller Reputation Service Result"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.caller_reputation_service_result = typeof value === 'string' ? value : readText(value, "Caller Reputation Service Result", findings)

  value = record["Caller Reputation Score Reason"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.caller_reputation_score_reason = typeof value === 'string' ? value : readText(value, "Caller Reputation Score Reason", findings)

  value = record["Interaction ID"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.interaction_id = typeof value === 'string' ? value : readText(value, "Interaction ID", findings)

  value = record["WxCC consult merge status"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "NA") fields.wxcc_consult_merge_status = typeof value === 'string' ? value : readText(value, "WxCC consult merge status", findings)

  value = record["ELIN"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.elin = typeof value === 'string' ? value : readText(value, "ELIN", findings)

  value = record["Emergency number source"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.emergency_number_source = typeof value === 'string' ? value : readText(value, "Emergency number source", findings)

  value = record["Transfer type"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.transfer_type = typeof value === 'string' ? value : readText(value, "Transfer type", findings)

  value = record["Transfer type context"]
  if (value === undefined) absent += 1
  else if (value !== "") fields.transfer_type_context = typeof value === 'string' ? value : readText(value, "Transfer type context", findings)

  value = record["Answer reason"]
  if (value === undefined) absent += 1
  else if (value !== "" && value !== "N/A") fields.answer_reason = typeof value === 'string' ? value : readText(value, "Answer reason", findings)

  findings.known = 87 - absent
  return fields
}
