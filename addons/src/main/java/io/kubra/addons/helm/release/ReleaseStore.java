package io.kubra.addons.helm.release;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The releases of one namespace, or of all. Refusals of the server come as ApiException. */
public final class ReleaseStore {
  private static final String NOT_FOUND = "release: not found";

  private final ResourceClient<Secret> secrets;
  private final String namespace;

  /**
   * The releases that a client sees.
   *
   * @param namespace empty for all namespaces
   */
  public ReleaseStore(ApiClient client, String namespace) {
    this.secrets = client.resource(Secret.RESOURCE);
    this.namespace = namespace;
  }

  /** All revisions of all releases; Secrets that hold no readable release are left out. */
  public List<Release> list() {
    return query("owner=helm");
  }

  /** The revisions of a release, the oldest first; empty if there are none. */
  public List<Release> history(String name) {
    checkName(name);
    List<Release> found = new ArrayList<>(query("owner=helm,name=" + name));
    found.sort(Comparator.comparingInt(Release::revision));
    return found;
  }

  /**
   * The latest revision.
   *
   * @throws HelmException if there is no such release
   */
  public Release last(String name) {
    List<Release> all = history(name);
    if (all.isEmpty()) {
      throw new HelmException(NOT_FOUND);
    }
    return all.getLast();
  }

  /**
   * One revision.
   *
   * @param revision 0 for the latest
   * @throws HelmException if there is no such revision
   */
  public Release get(String name, int revision) {
    if (revision == 0) {
      return last(name);
    }
    checkName(name);
    return find(name, revision).orElseThrow(() -> new HelmException(NOT_FOUND));
  }

  private Optional<Release> find(String name, int revision) {
    return secrets
        .find(namespace, ReleaseCodec.secretName(name, revision))
        .map(ReleaseCodec::decode);
  }

  /** Writes a changed revision back. */
  public void update(Release release) {
    Secret old =
        secrets.get(
            release.namespace(), ReleaseCodec.secretName(release.name(), release.revision()));
    String now = Long.toString(Instant.now().getEpochSecond());
    var unused = secrets.update(ReleaseCodec.encode(old, release, now));
  }

  /** Removes old revisions beyond a number; the deployed one stays. 0 keeps all. */
  public void prune(String name, int keep) {
    List<Release> all = history(name);
    if (keep <= 0 || all.size() <= keep) {
      return;
    }
    int surplus = all.size() - keep;
    int lastDeployed = 0;
    for (Release release : all) {
      if (release.status().equals("deployed")) {
        lastDeployed = release.revision();
      }
    }
    for (Release release : all) {
      if (surplus > 0 && release.revision() != lastDeployed) {
        secrets.delete(
            release.namespace(), ReleaseCodec.secretName(release.name(), release.revision()));
        surplus--;
      }
    }
  }

  private List<Release> query(String labels) {
    List<Release> found = new ArrayList<>();
    for (Secret secret : secrets.list(namespace, ListOptions.ALL.withLabels(labels)).items()) {
      try {
        found.add(ReleaseCodec.decode(secret));
      } catch (HelmException e) {
        // As Helm does: one broken revision must not hide all others.
        continue;
      }
    }
    return found;
  }

  /**
   * Refuses what cannot be a release's name, before it becomes part of a request.
   *
   * @throws HelmException with Helm's message
   */
  public static void checkName(String name) {
    if (name.length() > 53
        || !name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")) {
      throw new HelmException("release name is invalid: " + name);
    }
  }
}
