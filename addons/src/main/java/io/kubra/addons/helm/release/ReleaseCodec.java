package io.kubra.addons.helm.release;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.model.core.v1.Secret;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Releases to Secrets and back. */
final class ReleaseCodec {
  /** The labels that Helm sets itself. */
  private static final Set<String> SYSTEM =
      Set.of("name", "owner", "status", "version", "createdAt", "modifiedAt");

  private static final String FIELD = "release";

  /** A Secret holds a mebibyte; packed text may grow, but not to this. */
  private static final int LARGEST = 256 << 20;

  private ReleaseCodec() {}

  static String secretName(String release, int revision) {
    return "sh.helm.release.v1." + release + ".v" + revision;
  }

  /** Reads the release of a Secret; a Secret that holds none is refused with a HelmException. */
  static Release decode(Secret secret) {
    byte[] text = secret.data().get(FIELD);
    if (text == null) {
      throw new HelmException(secret.metadata().name() + " holds no release");
    }
    try {
      byte[] packed = Base64.getMimeDecoder().decode(text);
      byte[] json = packed;
      // Helm 2 wrote releases that were not packed.
      if (packed.length > 3 && packed[0] == 0x1f && (packed[1] & 0xff) == 0x8b) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
          json = in.readNBytes(LARGEST);
        }
      }
      return new Release(Json.parseObject(json), userLabels(secret));
    } catch (IOException | IllegalArgumentException | JsonSyntaxException e) {
      throw new HelmException(
          secret.metadata().name() + " holds no release that can be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> userLabels(Secret secret) {
    Map<String, String> labels = new LinkedHashMap<>(secret.metadata().labels());
    labels.keySet().removeAll(SYSTEM);
    return labels;
  }

  /** The Secret with the release in it. */
  static Secret encode(Secret secret, Release release, String modifiedAt) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      Json.write(release.tree(), out);
    } catch (IOException e) {
      throw new HelmException("the release cannot be packed: " + e.getMessage(), e);
    }
    Map<String, String> labels = new LinkedHashMap<>(release.labels());
    labels.put("modifiedAt", modifiedAt);
    labels.put("name", release.name());
    labels.put("owner", "helm");
    labels.put("status", release.status());
    labels.put("version", Integer.toString(release.revision()));
    ObjectMeta meta = secret.metadata().toBuilder().labels(labels).build();
    String text = Base64.getEncoder().encodeToString(packed.toByteArray());
    return secret.toBuilder()
        .metadata(meta)
        .data(Map.of(FIELD, text.getBytes(StandardCharsets.US_ASCII)))
        .build();
  }
}
