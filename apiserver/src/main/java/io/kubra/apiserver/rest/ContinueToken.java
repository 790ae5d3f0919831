package io.kubra.apiserver.rest;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a list in pages goes on: the revision that all pages show (-1: whatever is there, after the
 * first revision was lost) and the first key, relative to the list's prefix.
 */
record ContinueToken(long revision, String start) {
  private static final String VERSION = "meta.k8s.io/v1";

  /** The opaque text for clients. */
  String encode() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("v", VERSION);
    tree.put("rv", revision);
    tree.put("start", start);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(tree));
  }

  /**
   * Reads a token.
   *
   * @throws ApiException 400 if it is not one of ours
   */
  static ContinueToken parse(String text) {
    try {
      Map<String, Object> tree = Json.parseObject(Base64.getUrlDecoder().decode(text));
      Long revision = Trees.integer(tree, "rv");
      String start = Trees.stringOr(tree, "", "start");
      if (!VERSION.equals(tree.get("v")) || revision == null || revision == 0 || start.isEmpty()) {
        throw invalid("server does not recognize this encoded version");
      }
      return new ContinueToken(revision, start);
    } catch (IllegalArgumentException | JsonSyntaxException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static ApiException invalid(String why) {
    return ApiException.badRequest("continue key is not valid: " + why);
  }
}
