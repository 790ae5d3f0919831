package io.kubra.apiserver.rules.check;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.PemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the configurations of admission and of conversion webhooks have in common. */
public final class WebhookChecks {
  private static final String FORM = "; desired format: https://host[/path]";
  private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");

  private WebhookChecks() {}

  /** Checks where a webhook is. */
  public static void client(Checks checks, FieldPath at, @Nullable Map<String, Object> config) {
    String url = Trees.string(config, "url");
    Map<String, Object> service = Trees.map(config, "service");
    if ((url == null) == (service == null)) {
      checks.required(at, "exactly one of url or service is required");
    } else if (url != null) {
      url(checks, at.child("url"), url);
    } else {
      service(checks, at.child("service"), service);
    }
  }

  private static void url(Checks checks, FieldPath at, String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      checks.required(at, "url must be a valid URL: " + e.getMessage() + FORM);
      return;
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    if (!scheme.equals("https")) {
      checks.invalid(at, scheme, "'https' is the only allowed URL scheme" + FORM);
    }
    if (url.getHost() == null || url.getHost().isEmpty()) {
      checks.invalid(at, "", "host must be specified" + FORM);
    }
    if (url.getRawUserInfo() != null) {
      checks.invalid(at, url.getRawUserInfo(), "user information is not permitted in the URL");
    }
    if (url.getRawFragment() != null) {
      checks.invalid(at, url.getRawFragment(), "fragments are not permitted in the URL");
    }
    if (url.getRawQuery() != null) {
      checks.invalid(at, url.getRawQuery(), "query parameters are not permitted in the URL");
    }
  }

  private static void service(Checks checks, FieldPath at, @Nullable Map<String, Object> service) {
    checks.present(at.child("name"), Trees.string(service, "name"), "service name is required");
    checks.present(
        at.child("namespace"), Trees.string(service, "namespace"), "service namespace is required");
    long port = Trees.integerOr(service, 443, "port");
    if (port < 1 || port > 65535) {
      checks.invalid(
          at.child("port"), port, "port is not valid: must be between 1 and 65535, inclusive");
    }
    String path = Trees.stringOr(service, "", "path");
    if (!path.isEmpty() && !path.equals("/")) {
      path(checks, at.child("path"), path);
    }
  }

  private static void path(Checks checks, FieldPath at, String path) {
    if (path.equals("//")) {
      checks.invalid(at, path, "segment[0] may not be empty");
      return;
    }
    if (!path.startsWith("/")) {
      checks.invalid(at, path, "must start with a '/'");
    }
    String rest = path.substring(1, path.endsWith("/") ? path.length() - 1 : path.length());
    String[] steps = rest.split("/", -1);
    for (int i = 0; i < steps.length; i++) {
      if (steps[i].isEmpty()) {
        checks.invalid(at, path, "segment[" + i + "] may not be empty");
        continue;
      }
      for (String problem : Names.dns1123Subdomain(steps[i])) {
        checks.invalid(at, path, "segment[" + i + "]: " + problem);
      }
    }
  }

  /** Checks that authorities can be read. */
  public static void bundle(Checks checks, FieldPath at, String bundle) {
    if (bundle.isEmpty()) {
      return;
    }
    String problem = "";
    try {
      if (Pem.certificates(Base64.getDecoder().decode(bundle)).isEmpty()) {
        problem = "data does not contain any valid RSA or ECDSA certificates";
      }
    } catch (IllegalArgumentException | PemException e) {
      problem = "data does not contain any valid RSA or ECDSA certificates";
    }
    if (!problem.isEmpty()) {
      checks.invalid(at, bundle, "unable to load root certificates: " + problem);
    }
  }

  /** Checks the versions of reviews that a webhook understands, unless there are none. */
  public static void reviewVersions(Checks checks, FieldPath at, List<String> versions) {
    Set<String> seen = new HashSet<>();
    boolean known = false;
    for (int i = 0; i < versions.size(); i++) {
      String version = versions.get(i);
      if (!seen.add(version)) {
        checks.invalid(at.index(i), version, "duplicate version");
      } else {
        checks.name(at.index(i), version, Names::dns1035Label);
      }
      known |= REVIEW_VERSIONS.contains(version);
    }
    if (!known && !versions.isEmpty()) {
      checks.invalid(
          at, versions, "must include at least one of " + String.join(", ", REVIEW_VERSIONS));
    }
  }
}
