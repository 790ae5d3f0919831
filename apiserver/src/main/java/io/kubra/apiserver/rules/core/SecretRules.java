package io.kubra.apiserver.rules.core;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of secrets: plain text is taken in, each type has its keys. */
public final class SecretRules implements KindRules {
  private static final int LIMIT = 1024 * 1024;
  private static final FieldPath DATA = FieldPath.of("data");

  @Override
  public void applyDefaults(Map<String, Object> secret) {
    Defaults.text(secret, "type", "Opaque");
    Map<String, Object> plain = Trees.map(secret, "stringData");
    if (plain != null && !plain.isEmpty()) {
      Map<String, Object> data = Defaults.object(secret, "data");
      plain.forEach(
          (key, value) ->
              data.put(
                  key,
                  Base64.getEncoder()
                      .encodeToString(String.valueOf(value).getBytes(StandardCharsets.UTF_8))));
    }
    secret.remove("stringData");
  }

  @Override
  public List<FieldError> validate(Map<String, Object> secret) {
    Checks checks = new Checks();
    Map<String, Object> data = Trees.map(secret, "data");
    long size = 0;
    if (data != null) {
      for (Map.Entry<String, Object> e : data.entrySet()) {
        checks.name(DATA.key(e.getKey()), e.getKey(), Names::configMapKey);
        size += e.getValue() == null ? 0 : e.getValue().toString().length() * 3L / 4;
      }
    }
    if (size > LIMIT) {
      checks.add(FieldError.tooLong(DATA, "", LIMIT));
    }
    byType(checks, secret, data == null ? Map.of() : data);
    return checks.errors();
  }

  private static void byType(Checks checks, Map<String, Object> secret, Map<String, Object> data) {
    switch (Trees.stringOr(secret, "", "type")) {
      case "kubernetes.io/service-account-token" ->
          checks.present(
              FieldPath.of("metadata", "annotations").key("kubernetes.io/service-account.name"),
              Trees.string(
                  secret, "metadata", "annotations", "kubernetes.io/service-account.name"));
      case "kubernetes.io/dockercfg" -> json(checks, data, ".dockercfg");
      case "kubernetes.io/dockerconfigjson" -> json(checks, data, ".dockerconfigjson");
      case "kubernetes.io/basic-auth" -> {
        if (!data.containsKey("username") && !data.containsKey("password")) {
          checks.required(DATA.key("username"), "");
          checks.required(DATA.key("password"), "");
        }
      }
      case "kubernetes.io/ssh-auth" -> {
        if (Trees.stringOr(data, "", "ssh-privatekey").isEmpty()) {
          checks.required(DATA.key("ssh-privatekey"), "");
        }
      }
      case "kubernetes.io/tls" -> {
        for (String key : List.of("tls.crt", "tls.key")) {
          if (!data.containsKey(key)) {
            checks.required(DATA.key(key), "");
          }
        }
      }
      default -> {}
    }
  }

  private static void json(Checks checks, Map<String, Object> data, String key) {
    if (!data.containsKey(key)) {
      checks.required(DATA.key(key), "");
      return;
    }
    try {
      Json.parseObject(Base64.getDecoder().decode(Trees.stringOr(data, "", key)));
    } catch (JsonSyntaxException | IllegalArgumentException e) {
      checks.invalid(DATA.key(key), "<secret contents redacted>", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> secret, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.immutable(FieldPath.of("type"), secret.get("type"), old.get("type"));
    if (Trees.bool(old, "immutable")) {
      if (!Trees.bool(secret, "immutable")) {
        checks.forbidden(FieldPath.of("immutable"), "field is immutable when `immutable` is set");
      }
      if (!Checks.same(secret.get("data"), old.get("data"))) {
        checks.forbidden(DATA, "field is immutable when `immutable` is set");
      }
    }
    checks.addAll(validate(secret));
    return checks.errors();
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> secret) {
    return Map.of("type", Trees.stringOr(secret, "", "type"));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("type");
  }
}
