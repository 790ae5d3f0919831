package io.kubra.apiserver.audit;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.audit.AuditRule.AuditDecision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of one request that is audited; makes its events. Used by the request's thread. */
final class AuditRecord implements AuditAnnotations {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final AuditDecision decision;
  private final String id;
  private final RequestAttributes request;
  private final String uri;
  private final Instant received;
  private final List<String> sources;
  private final String agent;
  private final Map<String, String> annotations = new TreeMap<>();
  private @Nullable UserInfo impersonated;
  private @Nullable Map<String, Object> identity;
  private @Nullable Object requestObject;
  private @Nullable Object responseObject;
  private @Nullable Map<String, Object> status;

  AuditRecord(
      AuditDecision decision,
      String id,
      RequestAttributes request,
      String uri,
      Instant received,
      List<String> sources,
      String agent) {
    this.decision = decision;
    this.id = id;
    this.request = request;
    this.uri = uri;
    this.received = received;
    this.sources = sources;
    this.agent = agent;
  }

  String id() {
    return id;
  }

  AuditDecision decision() {
    return decision;
  }

  void impersonates(UserInfo user) {
    impersonated = user;
  }

  @Override
  public void add(String key, String value, AuditLevel from) {
    if (decision.level().includes(from)) {
      annotations.putIfAbsent(key, value);
    }
  }

  /** Takes the request's body. Only what is not in the path is taken from it at lower levels. */
  void requestBody(byte[] body, String contentType) {
    boolean whole = decision.level().includes(AuditLevel.REQUEST);
    boolean names = request.resourceRequest() && request.verb().equals("create");
    if (body.length == 0 || !(whole || names)) {
      return;
    }
    Object tree = decoded(body, contentType);
    if (names) {
      identity = Trees.map(tree, "metadata");
    }
    if (whole) {
      requestObject = trimmed(tree);
    }
  }

  /** Takes the status, and the body as far as it is to be recorded. */
  void responded(int code, byte @Nullable [] body, String contentType) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("metadata", new LinkedHashMap<>());
    boolean whole = decision.level().includes(AuditLevel.REQUEST_RESPONSE);
    if (body != null && (code >= 400 || whole)) {
      Object tree = decoded(body, contentType);
      if (tree instanceof Map<?, ?> map && "Status".equals(map.get("kind"))) {
        for (String field : List.of("status", "message", "reason", "details")) {
          if (map.get(field) != null) {
            result.put(field, map.get(field));
          }
        }
      }
      if (whole) {
        responseObject = trimmed(tree);
      }
    }
    result.put("code", (long) code);
    status = result;
  }

  /** Takes a refusal that was answered before anybody looked at the request. */
  void refused(int code, String reason, String why) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("metadata", new LinkedHashMap<>());
    result.put("status", "Failure");
    result.put("message", why);
    result.put("reason", reason);
    result.put("code", (long) code);
    status = result;
  }

  private @Nullable Object trimmed(@Nullable Object tree) {
    if (decision.omitManagedFields() && tree instanceof Map<?, ?>) {
      Trees.maps(tree, "items").forEach(AuditRecord::dropManagedFields);
      dropManagedFields(tree);
    }
    return tree;
  }

  private static void dropManagedFields(Object tree) {
    Map<String, Object> metadata = Trees.map(tree, "metadata");
    if (metadata != null) {
      metadata.remove("managedFields");
    }
  }

  private static @Nullable Object decoded(byte[] body, String contentType) {
    try {
      if (contentType.contains("protobuf")) {
        return ProtobufCodec.decode(body);
      }
      return contentType.contains("yaml") ? Yaml.parse(body) : Json.parse(body);
    } catch (RuntimeException unreadable) {
      // the verb refuses it in its own words
      return null;
    }
  }

  /** The event of a stage. */
  Map<String, Object> event(AuditStage stage, Instant now) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("kind", "Event");
    event.put("apiVersion", "audit.k8s.io/v1");
    event.put("level", decision.level().text());
    event.put("auditID", id);
    event.put("stage", stage.text());
    event.put("requestURI", uri);
    event.put("verb", request.verb());
    event.put("user", RequestAuthenticator.toTree(request.user()));
    if (impersonated != null) {
      event.put("impersonatedUser", RequestAuthenticator.toTree(impersonated));
    }
    event.put("sourceIPs", sources);
    if (!agent.isEmpty()) {
      event.put("userAgent", agent);
    }
    if (request.resourceRequest()) {
      event.put("objectRef", reference());
    }
    if (stage != AuditStage.REQUEST_RECEIVED) {
      if (status != null) {
        event.put("responseStatus", status);
      }
      if (requestObject != null) {
        event.put("requestObject", requestObject);
      }
      if (responseObject != null && stage == AuditStage.RESPONSE_COMPLETE) {
        event.put("responseObject", responseObject);
      }
    }
    event.put("requestReceivedTimestamp", MICROS.format(received));
    event.put("stageTimestamp", MICROS.format(now));
    if (!annotations.isEmpty()) {
      event.put("annotations", new LinkedHashMap<String, Object>(annotations));
    }
    return event;
  }

  private Map<String, Object> reference() {
    Map<String, Object> reference = new LinkedHashMap<>();
    put(reference, "resource", request.resource());
    put(reference, "namespace", request.namespace());
    put(
        reference,
        "name",
        request.name().isEmpty() ? Trees.stringOr(identity, "", "name") : request.name());
    put(reference, "uid", Trees.stringOr(identity, "", "uid"));
    put(reference, "apiGroup", request.group());
    put(reference, "apiVersion", request.version());
    put(reference, "resourceVersion", Trees.stringOr(identity, "", "resourceVersion"));
    put(reference, "subresource", request.subresource());
    return reference;
  }

  private static void put(Map<String, Object> tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }
}
