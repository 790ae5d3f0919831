package io.kubra.apiserver.customresource;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.customresource.ConversionMetrics.Failure;
import io.kubra.apiserver.webhook.WebhookClient;
import io.kubra.apiserver.webhook.WebhookException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Converts by asking the webhook of a definition, all objects at once. Of metadata it may change
 * labels and annotations only; the rest is put back as it was.
 */
final class WebhookConverter implements Converter {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String GROUP = "apiextensions.k8s.io";
  private static final String KIND = "ConversionReview";

  private final String definition;
  private final String version;
  private final WebhookClient client;
  private final ConversionMetrics metrics;

  /**
   * @param version of the reviews: v1 or v1beta1
   */
  WebhookConverter(
      String definition, String version, WebhookClient client, ConversionMetrics metrics) {
    this.definition = definition;
    this.version = version;
    this.client = client;
    this.metrics = metrics;
  }

  @Override
  public List<Map<String, Object>> convert(List<Map<String, Object>> objects, String apiVersion) {
    List<Map<String, Object>> others = new ArrayList<>();
    for (Map<String, Object> object : objects) {
      if (!apiVersion.equals(object.get("apiVersion"))) {
        others.add(object);
      }
    }
    if (others.isEmpty()) {
      return objects;
    }
    List<Map<String, Object>> converted = ask(others, apiVersion);
    List<Map<String, Object>> all = new ArrayList<>(objects.size());
    int next = 0;
    for (Map<String, Object> object : objects) {
      all.add(apiVersion.equals(object.get("apiVersion")) ? object : converted.get(next++));
    }
    return all;
  }

  private List<Map<String, Object>> ask(List<Map<String, Object>> objects, String apiVersion) {
    String from = Trees.stringOr(objects.getFirst(), "", "apiVersion");
    String what =
        "conversion webhook for " + from + ", Kind=" + objects.getFirst().get("kind") + " ";
    long start = System.nanoTime();
    Failure failure = Failure.CALL;
    boolean done = false;
    try {
      String uid = UUID.randomUUID().toString();
      Map<String, Object> answer = client.post(review(uid, objects, apiVersion), TIMEOUT);
      failure = Failure.MALFORMED;
      List<Map<String, Object>> converted = read(answer, uid);
      if (converted.size() != objects.size()) {
        failure = Failure.PARTIAL;
        throw failed(
            what + "returned %d objects, expected %d".formatted(converted.size(), objects.size()));
      }
      failure = Failure.INVALID;
      for (int i = 0; i < converted.size(); i++) {
        check(objects.get(i), converted.get(i), apiVersion, i, what);
      }
      done = true;
      return converted;
    } catch (WebhookException e) {
      throw failed(what + "failed: " + e.message());
    } finally {
      metrics.asked(definition, from, apiVersion, done ? Failure.NONE : failure, start);
    }
  }

  private Map<String, Object> review(
      String uid, List<Map<String, Object>> objects, String apiVersion) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("uid", uid);
    request.put("desiredAPIVersion", apiVersion);
    request.put("objects", objects);
    Map<String, Object> review = new LinkedHashMap<>();
    review.put("kind", KIND);
    review.put("apiVersion", GROUP + "/" + version);
    review.put("request", request);
    return review;
  }

  private List<Map<String, Object>> read(Map<String, Object> answer, String uid) {
    String apiVersion = GROUP + "/" + version;
    Map<String, Object> response = Trees.map(answer, "response");
    if (response == null) {
      throw new WebhookException("no response provided");
    }
    if (version.equals("v1")) {
      String answered = Trees.stringOr(response, "", "uid");
      if (!answered.equals(uid)) {
        throw new WebhookException(
            "expected response.uid=\"" + uid + "\", got \"" + answered + "\"");
      }
      if (!apiVersion.equals(answer.get("apiVersion")) || !KIND.equals(answer.get("kind"))) {
        throw new WebhookException(
            "expected webhook response of %s, Kind=%s, got %s, Kind=%s"
                .formatted(
                    apiVersion,
                    KIND,
                    Trees.stringOr(answer, "", "apiVersion"),
                    Trees.stringOr(answer, "", "kind")));
      }
    }
    String status = Trees.stringOr(response, "", "result", "status");
    if (!status.equals("Success")) {
      String message = Trees.stringOr(response, "", "result", "message");
      throw new WebhookException(
          message.isEmpty()
              ? "response.result.status was '" + status + "', not 'Success'"
              : message);
    }
    return Trees.maps(response, "convertedObjects");
  }

  /** Refuses what is another object, and puts back the metadata that conversion must not change. */
  private static void check(
      Map<String, Object> original,
      Map<String, Object> converted,
      String apiVersion,
      int index,
      String what) {
    String got = Trees.stringOr(converted, "", "apiVersion");
    String place = what + "returned invalid converted object at index " + index + ": ";
    if (!got.equals(apiVersion)) {
      throw failed(
          place + "invalid groupVersion (expected " + apiVersion + ", received " + got + ")");
    }
    same(place, "kind", original, converted, "kind");
    same(place, "name", original, converted, "metadata", "name");
    same(place, "namespace", original, converted, "metadata", "namespace");
    same(place, "UID", original, converted, "metadata", "uid");
    String metadataPlace = what + "returned invalid metadata in object at index " + index + ": ";
    if (converted.get("metadata") == null) {
      throw failed(metadataPlace + "missing metadata in converted object");
    }
    Map<String, Object> given = Trees.ensureMap(converted, "metadata");
    Map<String, Object> metadata = Trees.deepCopy(Trees.ensureMap(original, "metadata"));
    for (String field : List.of("labels", "annotations")) {
      metadata.remove(field);
      if (given.get(field) == null) {
        continue;
      }
      Map<String, Object> texts = Trees.map(given, field);
      if (texts == null) {
        throw failed(metadataPlace + "invalid metadata." + field + " in converted object");
      }
      texts.forEach(
          (key, value) -> {
            if (!(value instanceof String)) {
              throw failed(
                  metadataPlace
                      + "metadata.%s[%s] must be a string in converted object"
                          .formatted(field, key));
            }
          });
      metadata.put(field, texts);
    }
    converted.put("metadata", metadata);
  }

  private static void same(
      String place,
      String what,
      Map<String, Object> original,
      Map<String, Object> converted,
      String... path) {
    String before = Trees.stringOr(original, "", path);
    String after = Trees.stringOr(converted, "", path);
    if (!before.equals(after)) {
      throw failed(place + "must have the same " + what + ": " + before + " != " + after);
    }
  }

  private static ApiException failed(String message) {
    return ApiException.generic(500, "", message);
  }
}
