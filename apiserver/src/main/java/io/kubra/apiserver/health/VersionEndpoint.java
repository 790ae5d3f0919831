package io.kubra.apiserver.health;

import io.kubra.api.json.Json;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /version}. */
public final class VersionEndpoint implements NonResourceEndpoint {
  /** The version that clients see. */
  public static final String GIT_VERSION = "v1.36.0+kubra";

  private static final byte[] BODY = body();

  @Override
  public boolean matches(String path) {
    return path.equals("/version") || path.equals("/version/");
  }

  @Override
  public void handle(RequestContext c) {
    c.exchange().respond(200, HttpHeaders.of("Content-Type", "application/json"), BODY);
  }

  private static byte[] body() {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("major", "1");
    version.put("minor", "36");
    version.put("emulationMajor", "1");
    version.put("emulationMinor", "36");
    version.put("minCompatibilityMajor", "1");
    version.put("minCompatibilityMinor", "35");
    version.put("gitVersion", GIT_VERSION);
    version.put("gitCommit", "");
    version.put("gitTreeState", "clean");
    version.put("buildDate", "1970-01-01T00:00:00Z");
    version.put("goVersion", "none");
    version.put("compiler", "javac");
    version.put("platform", platform());
    return Json.write(version);
  }

  /** The platform as Go names it. */
  static String platform() {
    String arch = System.getProperty("os.arch", "amd64");
    return "linux/" + (arch.equals("aarch64") ? "arm64" : "amd64");
  }
}
