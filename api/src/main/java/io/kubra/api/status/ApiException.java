package io.kubra.api.status;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that failed. It carries a {@code meta/v1 Status}; the factories make the reference's
 * reasons, codes and messages.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Map<String, Object> status;

  private ApiException(Map<String, Object> status) {
    super(Trees.stringOr(status, "", "message"), null, false, true);
    this.status = status;
  }

  /** Of a Status that a server answered with, or that was put together elsewhere. */
  public static ApiException fromStatus(Map<String, Object> status) {
    return new ApiException(Trees.deepCopy(status));
  }

  /** The HTTP status code. */
  public int code() {
    return (int) Trees.integerOr(status, 500, "code");
  }

  /** The machine-readable reason, such as {@code NotFound}; empty when unknown. */
  public String reason() {
    return Trees.stringOr(status, "", "reason");
  }

  /** The text for people. */
  public String message() {
    return Trees.stringOr(status, "", "message");
  }

  /** The details; empty when there are none. */
  public Map<String, Object> details() {
    Map<String, Object> details = Trees.map(status, "details");
    return details == null ? Map.of() : details;
  }

  /** When to try again, or zero. */
  public int retryAfterSeconds() {
    return (int) Trees.integerOr(status, 0, "details", "retryAfterSeconds");
  }

  /** Whether this is such a failure. */
  public boolean is(String reason) {
    return reason.equals(reason());
  }

  /** As a new tree of a {@code Status} object. */
  public Map<String, Object> toStatus() {
    return Trees.deepCopy(status);
  }

  /** There is no such object. */
  public static ApiException notFound(String group, String resource, String name) {
    return of(404, "NotFound", qualified(group, resource) + " \"" + name + "\" not found")
        .about(group, resource, name);
  }

  /** There is such an object already. */
  public static ApiException alreadyExists(String group, String resource, String name) {
    return of(409, "AlreadyExists", qualified(group, resource) + " \"" + name + "\" already exists")
        .about(group, resource, name);
  }

  /** The generated name was taken; the client may try again. */
  public static ApiException generatedNameTaken(String group, String resource, String name) {
    return of(
            409,
            "AlreadyExists",
            qualified(group, resource)
                + " \""
                + name
                + "\" already exists, the server was not able to generate a unique name for the"
                + " object")
        .about(group, resource, name);
  }

  /** The object was changed meanwhile, or is not in the state that the operation needs. */
  public static ApiException conflict(String group, String resource, String name, String why) {
    return of(
            409,
            "Conflict",
            "Operation cannot be fulfilled on "
                + qualified(group, resource)
                + " \""
                + name
                + "\": "
                + why)
        .about(group, resource, name);
  }

  /** The object is not valid; the errors become the causes. */
  public static ApiException invalid(
      String group, String kind, String name, List<FieldError> errors) {
    Set<String> messages = new LinkedHashSet<>();
    List<Object> causes = new ArrayList<>();
    for (FieldError error : errors) {
      messages.add(error.message());
      causes.add(error.toCause());
    }
    String text =
        messages.size() == 1 ? messages.iterator().next() : "[" + String.join(", ", messages) + "]";
    String what = qualified(group, kind) + " \"" + name + "\" is invalid";
    ApiException e =
        of(422, "Invalid", messages.isEmpty() ? what : what + ": " + text).about(group, kind, name);
    if (!causes.isEmpty()) {
      Trees.set(e.status, causes, "details", "causes");
    }
    return e;
  }

  /** The request makes no sense. */
  public static ApiException badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  /** The user may not do this. Resource and name may be empty. */
  public static ApiException forbidden(String group, String resource, String name, String why) {
    String what = qualified(group, resource);
    String message;
    if (resource.isEmpty()) {
      message = "forbidden: " + why;
    } else if (name.isEmpty()) {
      message = what + " is forbidden: " + why;
    } else {
      message = what + " \"" + name + "\" is forbidden: " + why;
    }
    return of(403, "Forbidden", message).about(group, resource, name);
  }

  /** Nobody knows who the user is. */
  public static ApiException unauthorized(String message) {
    return of(401, "Unauthorized", message.isEmpty() ? "not authorized" : message);
  }

  /** The resource knows no such verb. */
  public static ApiException methodNotSupported(String group, String resource, String verb) {
    return of(
            405,
            "MethodNotAllowed",
            verb + " is not supported on resources of kind \"" + qualified(group, resource) + "\"")
        .about(group, resource, "");
  }

  /** Nothing that the client accepts can be produced. */
  public static ApiException notAcceptable(List<String> accepted) {
    return of(
        406,
        "NotAcceptable",
        "only the following media types are accepted: " + String.join(", ", accepted));
  }

  /** The body is in a format that is not understood. */
  public static ApiException unsupportedMediaType(List<String> accepted) {
    return of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted));
  }

  /** The revision asked for is no longer known; list again. */
  public static ApiException expired(String message) {
    return of(410, "Expired", message);
  }

  /** What was asked for will not come back. */
  public static ApiException gone(String message) {
    return of(410, "Gone", message);
  }

  /** The request is too large. */
  public static ApiException tooLarge(String message) {
    return of(413, "RequestEntityTooLarge", "Request entity is too large: " + message);
  }

  /** The client should wait. */
  public static ApiException tooManyRequests(String message, int retryAfterSeconds) {
    return of(429, "TooManyRequests", message).retryAfter(retryAfterSeconds);
  }

  /** The request was not finished in time. */
  public static ApiException timeout(String message) {
    return timeout(message, 0);
  }

  /** The request was not finished in time; the client may try again after that. */
  public static ApiException timeout(String message, int retryAfterSeconds) {
    return of(504, "Timeout", "Timeout: " + message).retryAfter(retryAfterSeconds);
  }

  /** The server could not do it now but may soon. */
  public static ApiException serverTimeout(
      String group, String resource, String operation, int retryAfterSeconds) {
    return of(
            500,
            "ServerTimeout",
            "The "
                + operation
                + " operation against "
                + qualified(group, resource)
                + " could not be completed at this time, please try again.")
        .about(group, resource, operation)
        .retryAfter(retryAfterSeconds);
  }

  /** Something that the request needs is down. */
  public static ApiException serviceUnavailable(String message) {
    return of(503, "ServiceUnavailable", message);
  }

  /** A defect of the server. */
  public static ApiException internal(String message) {
    ApiException e = of(500, "InternalError", "Internal error occurred: " + message);
    Map<String, Object> cause = new LinkedHashMap<>();
    cause.put("message", message);
    Trees.set(e.status, new ArrayList<>(List.of(cause)), "details", "causes");
    return e;
  }

  /** Anything else; an empty reason is left out. */
  public static ApiException generic(int code, String reason, String message) {
    return of(code, reason, message);
  }

  private static ApiException of(int code, String reason, String message) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("metadata", new LinkedHashMap<>());
    status.put("status", "Failure");
    status.put("message", message);
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    status.put("code", (long) code);
    return new ApiException(status);
  }

  private ApiException about(String group, String kind, String name) {
    Map<String, Object> details = new LinkedHashMap<>();
    putUnlessEmpty(details, "name", name);
    putUnlessEmpty(details, "group", group);
    putUnlessEmpty(details, "kind", kind);
    return details(details);
  }

  private ApiException retryAfter(int seconds) {
    Map<String, Object> details = new LinkedHashMap<>(details());
    if (seconds > 0) {
      details.put("retryAfterSeconds", (long) seconds);
    }
    return details(details);
  }

  private ApiException details(Map<String, Object> details) {
    Object code = status.remove("code");
    status.put("details", details);
    status.put("code", code == null ? 500L : code);
    return this;
  }

  /** This failure with an additional cause in its details. */
  public ApiException withCause(String reason, String message, @Nullable String field) {
    Map<String, Object> changed = toStatus();
    Map<String, Object> cause = new LinkedHashMap<>();
    putUnlessEmpty(cause, "reason", reason);
    putUnlessEmpty(cause, "message", message);
    putUnlessEmpty(cause, "field", field == null ? "" : field);
    Map<String, Object> details = new LinkedHashMap<>(details());
    List<Object> causes = new ArrayList<>(Trees.list(details, "causes"));
    causes.add(cause);
    details.put("causes", causes);
    return new ApiException(changed).details(details);
  }

  private static void putUnlessEmpty(Map<String, Object> map, String key, String value) {
    if (!value.isEmpty()) {
      map.put(key, value);
    }
  }

  private static String qualified(String group, String name) {
    return group.isEmpty() ? name : name + "." + group;
  }
}
