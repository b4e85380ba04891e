// Generated from data/cdr-fields.json by scripts/generate.ts. Do not edit.

/**
 * The typed fields of a record, by the names they have in every sink. A field is null if it is absent or
 * empty, or if it holds one of its null markers or a value that does not fit its type.
 */
export interface CdrFields {
  /** Answer time: When the leg was answered, UTC; empty if it never was. In milliseconds since 1970, UTC. */
  readonly answer_time: number | null
  /** Answered: Whether this leg was answered. On a hunt-group/queue leg it only means the service took the call. */
  readonly answered: boolean | null
  /** Direction: Whose view the leg is: the side that placed it or the side that got it. */
  readonly direction: string | null
  /** Called line ID: Display name tied to the called party; 'NA' when unknown. */
  readonly called_line_id: string | null
  /** Call ID: SIP Call-ID for vendor support; may be empty and may embed a private IP address. */
  readonly call_id: string | null
  /** Calling line ID: Display name tied to the calling party; 'NA' when unknown. */
  readonly calling_line_id: string | null
  /** Start time: When the leg began, UTC, milliseconds. In milliseconds since 1970, UTC. */
  readonly start_time: number | null
  /** Call type: Kind of call by destination or origin; open set. */
  readonly call_type: string | null
  /** Client type: Kind of endpoint of the user that owns the record; open set (the spec example SIP_TOLLFREE looks like a slip). */
  readonly client_type: string | null
  /** Client version: Version of that client. */
  readonly client_version: string | null
  /** Correlation ID: Groups the legs of one call session; a transferred call may span several values. */
  readonly correlation_id: string | null
  /** International country: Country of the dialled number, international calls only. */
  readonly international_country: string | null
  /** Device MAC: MAC address of the device, 12 hex digits without separators, if known. */
  readonly device_mac: string | null
  /** Duration: Leg length in whole seconds; JSON number in real payloads. */
  readonly duration: number | null
  /** Inbound trunk: Inbound trunk name, if any. */
  readonly inbound_trunk: string | null
  /** Org UUID: Organisation identifier as a plain UUID (not the base64 id of other Webex APIs). */
  readonly org_uuid: string | null
  /** Original reason: Why the first called number redirected the call; open set with digit suffixes. */
  readonly original_reason: string | null
  /** OS type: Operating system of the app; lower-case 'na' when absent. */
  readonly os_type: string | null
  /** Outbound trunk: Outbound trunk name, if any. */
  readonly outbound_trunk: string | null
  /** Redirect reason: Why the redirecting number redirected the call; open set with digit suffixes. */
  readonly redirect_reason: string | null
  /** Related reason: Service event behind a change of the call; open set. The spec prints 'CalllPark' and 'Remote Office'. */
  readonly related_reason: string | null
  /** Report ID: Record identity for deduplication; every sample seen is a version-3 (name-based) UUID. */
  readonly report_id: string | null
  /** Report time: When the report was created; in samples equal to Release time. Not the insertion time. In milliseconds since 1970, UTC. */
  readonly report_time: number | null
  /** Route group: Route group of an outbound call to premises PSTN; originating legs only. */
  readonly route_group: string | null
  /** Site main number: Main telephone number of the site. */
  readonly site_main_number: string | null
  /** Site timezone: Offset from UTC in minutes, as a string, e.g. '-420'. */
  readonly site_timezone: number | null
  /** Sub client type: Finer client kind; spec names only MOBILE_NETWORK (Webex Go), the other two come from third-party code. */
  readonly sub_client_type: string | null
  /** User UUID: Identifier of the user, workspace, virtual line or service that owns the record. */
  readonly user_uuid: string | null
  /** User type: Kind of owner of the record; open set (the spec misspells VirtualLine). */
  readonly user_type: string | null
  /** User: Display name of the owner of the record. */
  readonly user: string | null
  /** Called number: Number of the called party (own number on incoming legs). */
  readonly called_number: string | null
  /** Calling number: Number of the calling party (own number on outgoing legs). */
  readonly calling_number: string | null
  /** Location: Location name as in Control Hub. */
  readonly location: string | null
  /** Dialed digits: Digits as keyed, before translation; originating legs only. May hold feature codes or access codes. */
  readonly dialed_digits: string | null
  /** Releasing party: Which side hung up first. */
  readonly releasing_party: string | null
  /** Redirecting number: Last number that redirected the call. */
  readonly redirecting_number: string | null
  /** Site UUID: Identifier of the site. */
  readonly site_uuid: string | null
  /** Department ID: Identifier of the owner's department. */
  readonly department_id: string | null
  /** Transfer related call ID: Local call ID of a record in the other call of an attended transfer (not a Correlation ID); empty on blind transfers. */
  readonly transfer_related_call_id: string | null
  /** Authorization code: Account or authorization code entered by the user; treat as a secret. */
  readonly authorization_code: string | null
  /** Model: Device model. */
  readonly model: string | null
  /** Local SessionID: Session-ID of the originating user agent, 32 hex digits; also the join to on-premises records. */
  readonly local_session_id: string | null
  /** Remote SessionID: Session-ID of the terminating user agent. */
  readonly remote_session_id: string | null
  /** Call transfer time: When a transfer was invoked, UTC. In milliseconds since 1970, UTC. */
  readonly call_transfer_time: number | null
  /** Local call ID: This record's own leg identity, e.g. '29741232:0'. */
  readonly local_call_id: string | null
  /** Remote call ID: Local call ID of the record at the other end of the same leg. */
  readonly remote_call_id: string | null
  /** Network call ID: Shared by the two records of one leg; second pairing key. May embed a private IP address. */
  readonly network_call_id: string | null
  /** Related call ID: Local call ID of the leg this one was spawned or deflected from. */
  readonly related_call_id: string | null
  /** User number: E.164 number of the record's owner, else the extension. */
  readonly user_number: string | null
  /** Call outcome: Whether set-up and release were normal. */
  readonly call_outcome: string | null
  /** Call outcome reason: Detail of the outcome; open set. */
  readonly call_outcome_reason: string | null
  /** Ring duration: Seconds of ringing; spec says number, real payloads carry a string such as '8'. */
  readonly ring_duration: number | null
  /** Answer indicator: Answered, not answered, or answered after a redirection. */
  readonly answer_indicator: string | null
  /** Release time: When the leg ended, UTC. Real payloads use T...Z; the spec example has a space and no zone. In milliseconds since 1970, UTC. */
  readonly release_time: number | null
  /** Final local SessionID: Local Session-ID at the end of the call. */
  readonly final_local_session_id: string | null
  /** Final remote SessionID: Remote Session-ID at the end of the call. */
  readonly final_remote_session_id: string | null
  /** PSTN legal entity: Regulated entity providing PSTN; Cisco Calling Plans only. */
  readonly pstn_legal_entity: string | null
  /** PSTN vendor org ID: Org UUID of the Cisco Calling Plans vendor. */
  readonly pstn_vendor_org_id: string | null
  /** PSTN vendor name: PSTN vendor name, e.g. 'Cisco Calling Plans'. */
  readonly pstn_vendor_name: string | null
  /** PSTN provider ID: Fixed UUID of the PSTN provider. */
  readonly pstn_provider_id: string | null
  /** External customer ID: External (reseller) customer identifier; absent from the spec. */
  readonly external_customer_id: string | null
  /** Redirecting party UUID: Identifier of the last redirecting user or service. */
  readonly redirecting_party_uuid: string | null
  /** Public Calling IP Address: Public IP of the caller's device (India/Internet telephony numbers); 'NA' otherwise. */
  readonly public_calling_ip_address: string | null
  /** Public Called IP Address: Public IP of the called device (India/Internet telephony numbers); 'NA' otherwise. */
  readonly public_called_ip_address: string | null
  /** Caller ID number: Number shown to the far end; not always E.164. */
  readonly caller_id_number: string | null
  /** External caller ID number: External caller ID when it is a location or other org number. Spec: originating only; a real terminating record had it set. */
  readonly external_caller_id_number: string | null
  /** Device owner UUID: Owner of the device when it differs from the line's owner. */
  readonly device_owner_uuid: string | null
  /** Call Recording Platform Name: Recording platform; open set. */
  readonly call_recording_platform_name: string | null
  /** Call Recording Result: Outcome of the recording. */
  readonly call_recording_result: string | null
  /** Call Recording Trigger: Recording mode. */
  readonly call_recording_trigger: string | null
  /** Original called party UUID: Identifier of the first redirecting user or service. */
  readonly original_called_party_uuid: string | null
  /** Recall type: Set when the call is a call-park recall. */
  readonly recall_type: string | null
  /** Auto Attendant Key Pressed: Last key pressed in the auto attendant; 'NA' when none. */
  readonly auto_attendant_key_pressed: string | null
  /** Queue type: Kind of call queue. */
  readonly queue_type: string | null
  /** Answered elsewhere: 'Yes' on a terminating leg that somebody else answered. */
  readonly answered_elsewhere: string | null
  /** Hold duration: Total hold time, whole seconds, floored; JSON number. */
  readonly hold_duration: number | null
  /** Route list calls overage: Burst calls over the route-list licence at that time. */
  readonly route_list_calls_overage: number | null
  /** Caller Reputation Score: Reputation score 0.0 to 5.0; empty when none. */
  readonly caller_reputation_score: number | null
  /** Caller Reputation Service Result: Reputation verdict, terminating legs only; spec example reads 'allowed'. */
  readonly caller_reputation_service_result: string | null
  /** Caller Reputation Score Reason: Reason or error behind the score. */
  readonly caller_reputation_score_reason: string | null
  /** Interaction ID: Groups calls joined by a service interaction such as consult plus transfer. */
  readonly interaction_id: string | null
  /** WxCC consult merge status: Whether a contact-centre consult leg was merged; 'NA' or empty otherwise. */
  readonly wxcc_consult_merge_status: string | null
  /** ELIN: Emergency Location Identification Number used. */
  readonly elin: string | null
  /** Emergency number source: Source of the emergency number. */
  readonly emergency_number_source: string | null
  /** Transfer type: Kind of automated transfer; open set. */
  readonly transfer_type: string | null
  /** Transfer type context: Free text about that transfer, e.g. the caller's intent; may be sensitive. */
  readonly transfer_type_context: string | null
  /** Answer reason: How the leg was answered; empty in the sample seen. */
  readonly answer_reason: string | null
}
