package io.kubra.apiserver.admission.webhook;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.webhook.WebhookException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's answer, checked.
 *
 * @param status why not; null if nothing was said
 * @param patch the text of a patch of the object; empty for none
 * @param patchType JSONPatch, or what else the webhook says
 */
record Verdict(
    boolean allowed,
    @Nullable Map<String, Object> status,
    byte[] patch,
    String patchType,
    Map<String, Object> annotations,
    List<String> warnings) {

  /**
   * Reads an answer.
   *
   * @param version of the review that was sent
   * @param mutating whether the webhook may change the object
   * @throws WebhookException if it is no answer to this question
   */
  static Verdict read(Map<String, Object> answer, String uid, String version, boolean mutating) {
    String apiVersion = Review.GROUP + "/" + version;
    String got = Trees.stringOr(answer, "", "apiVersion");
    String kind = Trees.stringOr(answer, "", "kind");
    Map<String, Object> response = Trees.map(answer, "response");
    if (version.equals("v1") || !kind.isEmpty()) {
      if (kind.isEmpty()) {
        throw new WebhookException(
            "failed to call webhook: Object 'Kind' is missing in '" + Json.toString(answer) + "'");
      }
      if (!got.equals(apiVersion) || !kind.equals(Review.KIND)) {
        throw bad(
            "expected webhook response of %s, got %s"
                .formatted(named(apiVersion, Review.KIND), named(got, kind)));
      }
    }
    if (response == null) {
      throw bad("webhook response was absent");
    }
    String answered = Trees.stringOr(response, "", "uid");
    if (version.equals("v1") && !answered.equals(uid)) {
      throw bad("expected response.uid=" + quoted(uid) + ", got " + quoted(answered));
    }
    String encoded = Trees.stringOr(response, "", "patch");
    String type = Trees.string(response, "patchType");
    checkPatch(encoded, type, version, mutating);
    Map<String, Object> annotations = Trees.map(response, "auditAnnotations");
    return new Verdict(
        Trees.bool(response, "allowed"),
        Trees.map(response, "status"),
        decoded(encoded),
        type == null ? "JSONPatch" : type,
        annotations == null ? Map.of() : annotations,
        Trees.strings(response, "warnings"));
  }

  private static void checkPatch(
      String patch, @Nullable String type, String version, boolean mutating) {
    if (version.equals("v1beta1")) {
      return;
    }
    if (!mutating) {
      if (!patch.isEmpty()) {
        throw bad("validating webhook may not return response.patch");
      }
      if (type != null) {
        throw bad("validating webhook may not return response.patchType");
      }
      return;
    }
    if (!patch.isEmpty() && type == null) {
      throw bad("webhook returned response.patch but not response.patchType");
    }
    if (patch.isEmpty() && type != null) {
      throw bad("webhook returned response.patchType but not response.patch");
    }
    if (type != null && type.isEmpty()) {
      throw bad("webhook returned invalid response.patchType of \"\"");
    }
  }

  private static byte[] decoded(String patch) {
    try {
      return Base64.getDecoder().decode(patch.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new WebhookException(
          "failed to call webhook: couldn't get version/kind; json parse error: " + e.getMessage());
    }
  }

  /** The refusal as the client sees it. */
  ApiException refusal(String webhook) {
    String denied = "admission webhook " + quoted(webhook) + " denied the request";
    Map<String, Object> said = status == null ? Map.of() : status;
    String message = Trees.stringOr(said, "", "message");
    String reason = Trees.stringOr(said, "", "reason");
    String why = message.isEmpty() ? reason : message;
    long code = Trees.integerOr(said, 0, "code");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("kind", "Status");
    result.put("apiVersion", "v1");
    Map<String, Object> metadata = Trees.map(said, "metadata");
    result.put("metadata", metadata == null ? new LinkedHashMap<>() : metadata);
    result.put("status", "Failure");
    result.put("message", why.isEmpty() ? denied + " without explanation" : denied + ": " + why);
    if (!reason.isEmpty()) {
      result.put("reason", reason);
    }
    Map<String, Object> details = Trees.map(said, "details");
    if (details != null) {
      result.put("details", details);
    }
    result.put("code", code < 400 ? 400L : code > 599 ? 500L : code);
    return ApiException.fromStatus(result);
  }

  static String quoted(String text) {
    return Json.toString(text);
  }

  /** A kind as upstream writes it: {@code admission.k8s.io/v1, Kind=AdmissionReview}. */
  private static String named(String apiVersion, String kind) {
    return apiVersion + ", Kind=" + kind;
  }

  private static WebhookException bad(String why) {
    return new WebhookException("received invalid webhook response: " + why);
  }
}
