// Generated from the field catalogue by scripts/generate-field-members.ts. Do not edit.

import type { CdrFields } from '@cdrstream/catalogue'
import { timeJson } from '../format-time.ts'

/**
 * Returns the fields that have a value as members of a JSON object, each after a comma. `escaped` returns
 * text as the content of a JSON string.
 */
export function fieldMembers(fields: CdrFields, escaped: (text: string) => string): string {
  let members = ''
  if (fields.answer_time !== null) members += ',"answer_time":' + timeJson(fields.answer_time)
  if (fields.answered !== null) members += ',"answered":' + fields.answered
  if (fields.direction !== null) members += ',"direction":"' + escaped(fields.direction) + '"'
  if (fields.called_line_id !== null) members += ',"called_line_id":"' + escaped(fields.called_line_id) + '"'
  if (fields.call_id !== null) members += ',"call_id":"' + escaped(fields.call_id) + '"'
  if (fields.calling_line_id !== null) members += ',"calling_line_id":"' + escaped(fields.calling_line_id) + '"'
  if (fields.start_time !== null) members += ',"start_time":' + timeJson(fields.start_time)
  if (fields.call_type !== null) members += ',"call_type":"' + escaped(fields.call_type) + '"'
  if (fields.client_type !== null) members += ',"client_type":"' + escaped(fields.client_type) + '"'
  if (fields.client_version !== null) members += ',"client_version":"' + escaped(fields.client_version) + '"'
  if (fields.correlation_id !== null) members += ',"correlation_id":"' + escaped(fields.correlation_id) + '"'
  if (fields.international_country !== null) members += ',"international_country":"' + escaped(fields.international_country) + '"'
  if (fields.device_mac !== null) members += ',"device_mac":"' + escaped(fields.device_mac) + '"'
  if (fields.duration !== null) members += ',"duration":' + fields.duration
  if (fields.inbound_trunk !== null) members += ',"inbound_trunk":"' + escaped(fields.inbound_trunk) + '"'
  if (fields.org_uuid !== null) members += ',"org_uuid":"' + escaped(fields.org_uuid) + '"'
  if (fields.original_reason !== null) members += ',"original_reason":"' + escaped(fields.original_reason) + '"'
  if (fields.os_type !== null) members += ',"os_type":"' + escaped(fields.os_type) + '"'
  if (fields.outbound_trunk !== null) members += ',"outbound_trunk":"' + escaped(fields.outbound_trunk) + '"'
  if (fields.redirect_reason !== null) members += ',"redirect_reason":"' + escaped(fields.redirect_reason) + '"'
  if (fields.related_reason !== null) members += ',"related_reason":"' + escaped(fields.related_reason) + '"'
  if (fields.report_id !== null) members += ',"report_id":"' + escaped(fields.report_id) + '"'
  if (fields.report_time !== null) members += ',"report_time":' + timeJson(fields.report_time)
  if (fields.route_group !== null) members += ',"route_group":"' + escaped(fields.route_group) + '"'
  if (fields.site_main_number !== null) members += ',"site_main_number":"' + escaped(fields.site_main_number) + '"'
  if (fields.site_timezone !== null) members += ',"site_timezone":' + fields.site_timezone
  if (fields.sub_client_type !== null) members += ',"sub_client_type":"' + escaped(fields.sub_client_type) + '"'
  if (fields.user_uuid !== null) members += ',"user_uuid":"' + escaped(fields.user_uuid) + '"'
  if (fields.user_type !== null) members += ',"user_type":"' + escaped(fields.user_type) + '"'
  if (fields.user !== null) members += ',"user":"' + escaped(fields.user) + '"'
  if (fields.called_number !== null) members += ',"called_number":"' + escaped(fields.called_number) + '"'
  if (fields.calling_number !== null) members += ',"calling_number":"' + escaped(fields.calling_number) + '"'
  if (fields.location !== null) members += ',"location":"' + escaped(fields.location) + '"'
  if (fields.dialed_digits !== null) members += ',"dialed_digits":"' + escaped(fields.dialed_digits) + '"'
  if (fields.releasing_party !== null) members += ',"releasing_party":"' + escaped(fields.releasing_party) + '"'
  if (fields.redirecting_number !== null) members += ',"redirecting_number":"' + escaped(fields.redirecting_number) + '"'
  if (fields.site_uuid !== null) members += ',"site_uuid":"' + escaped(fields.site_uuid) + '"'
  if (fields.department_id !== null) members += ',"department_id":"' + escaped(fields.department_id) + '"'
  if (fields.transfer_related_call_id !== null) members += ',"transfer_related_call_id":"' + escaped(fields.transfer_related_call_id) + '"'
  if (fields.authorization_code !== null) members += ',"authorization_code":"' + escaped(fields.authorization_code) + '"'
  if (fields.model !== null) members += ',"model":"' + escaped(fields.model) + '"'
  if (fields.local_session_id !== null) members += ',"local_session_id":"' + escaped(fields.local_session_id) + '"'
  if (fields.remote_session_id !== null) members += ',"remote_session_id":"' + escaped(fields.remote_session_id) + '"'
  if (fields.call_transfer_time !== null) members += ',"call_transfer_time":' + timeJson(fields.call_transfer_time)
  if (fields.local_call_id !== null) members += ',"local_call_id":"' + escaped(fields.local_call_id) + '"'
  if (fields.remote_call_id !== null) members += ',"remote_call_id":"' + escaped(fields.remote_call_id) + '"'
  if (fields.network_call_id !== null) members += ',"network_call_id":"' + escaped(fields.network_call_id) + '"'
  if (fields.related_call_id !== null) members += ',"related_call_id":"' + escaped(fields.related_call_id) + '"'
  if (fields.user_number !== null) members += ',"user_number":"' + escaped(fields.user_number) + '"'
  if (fields.call_outcome !== null) members += ',"call_outcome":"' + escaped(fields.call_outcome) + '"'
  if (fields.call_outcome_reason !== null) members += ',"call_outcome_reason":"' + escaped(fields.call_outcome_reason) + '"'
  if (fields.ring_duration !== null) members += ',"ring_duration":' + fields.ring_duration
  if (fields.answer_indicator !== null) members += ',"answer_indicator":"' + escaped(fields.answer_indicator) + '"'
  if (fields.release_time !== null) members += ',"release_time":' + timeJson(fields.release_time)
  if (fields.final_local_session_id !== null) members += ',"final_local_session_id":"' + escaped(fields.final_local_session_id) + '"'
  if (fields.final_remote_session_id !== null) members += ',"final_remote_session_id":"' + escaped(fields.final_remote_session_id) + '"'
  if (fields.pstn_legal_entity !== null) members += ',"pstn_legal_entity":"' + escaped(fields.pstn_legal_entity) + '"'
  if (fields.pstn_vendor_org_id !== null) members += ',"pstn_vendor_org_id":"' + escaped(fields.pstn_vendor_org_id) + '"'
  if (fields.pstn_vendor_name !== null) members += ',"pstn_vendor_name":"' + escaped(fields.pstn_vendor_name) + '"'
  if (fields.pstn_provider_id !== null) members += ',"pstn_provider_id":"' + escaped(fields.pstn_provider_id) + '"'
  if (fields.external_customer_id !== null) members += ',"external_customer_id":"' + escaped(fields.external_customer_id) + '"'
  if (fields.redirecting_party_uuid !== null) members += ',"redirecting_party_uuid":"' + escaped(fields.redirecting_party_uuid) + '"'
  if (fields.public_calling_ip_address !== null) members += ',"public_calling_ip_address":"' + escaped(fields.public_calling_ip_address) + '"'
  if (fields.public_called_ip_address !== null) members += ',"public_called_ip_address":"' + escaped(fields.public_called_ip_address) + '"'
  if (fields.caller_id_number !== null) members += ',"caller_id_number":"' + escaped(fields.caller_id_number) + '"'
  if (fields.external_caller_id_number !== null) members += ',"external_caller_id_number":"' + escaped(fields.external_caller_id_number) + '"'
  if (fields.device_owner_uuid !== null) members += ',"device_owner_uuid":"' + escaped(fields.device_owner_uuid) + '"'
  if (fields.call_recording_platform_name !== null) members += ',"call_recording_platform_name":"' + escaped(fields.call_recording_platform_name) + '"'
  if (fields.call_recording_result !== null) members += ',"call_recording_result":"' + escaped(fields.call_recording_result) + '"'
  if (fields.call_recording_trigger !== null) members += ',"call_recording_trigger":"' + escaped(fields.call_recording_trigger) + '"'
  if (fields.original_called_party_uuid !== null) members += ',"original_called_party_uuid":"' + escaped(fields.original_called_party_uuid) + '"'
  if (fields.recall_type !== null) members += ',"recall_type":"' + escaped(fields.recall_type) + '"'
  if (fields.auto_attendant_key_pressed !== null) members += ',"auto_attendant_key_pressed":"' + escaped(fields.auto_attendant_key_pressed) + '"'
  if (fields.queue_type !== null) members += ',"queue_type":"' + escaped(fields.queue_type) + '"'
  if (fields.answered_elsewhere !== null) members += ',"answered_elsewhere":"' + escaped(fields.answered_elsewhere) + '"'
  if (fields.hold_duration !== null) members += ',"hold_duration":' + fields.hold_duration
  if (fields.route_list_calls_overage !== null) members += ',"route_list_calls_overage":' + fields.route_list_calls_overage
  if (fields.caller_reputation_score !== null) members += ',"caller_reputation_score":' + fields.caller_reputation_score
  if (fields.caller_reputation_service_result !== null) members += ',"caller_reputation_service_result":"' + escaped(fields.caller_reputation_service_result) + '"'
  if (fields.caller_reputation_score_reason !== null) members += ',"caller_reputation_score_reason":"' + escaped(fields.caller_reputation_score_reason) + '"'
  if (fields.interaction_id !== null) members += ',"interaction_id":"' + escaped(fields.interaction_id) + '"'
  if (fields.wxcc_consult_merge_status !== null) members += ',"wxcc_consult_merge_status":"' + escaped(fields.wxcc_consult_merge_status) + '"'
  if (fields.elin !== null) members += ',"elin":"' + escaped(fields.elin) + '"'
  if (fields.emergency_number_source !== null) members += ',"emergency_number_source":"' + escaped(fields.emergency_number_source) + '"'
  if (fields.transfer_type !== null) members += ',"transfer_type":"' + escaped(fields.transfer_type) + '"'
  if (fields.transfer_type_context !== null) members += ',"transfer_type_context":"' + escaped(fields.transfer_type_context) + '"'
  if (fields.answer_reason !== null) members += ',"answer_reason":"' + escaped(fields.answer_reason) + '"'
  return members
}
