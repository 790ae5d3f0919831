package io.kubra.controllers.history;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Claims;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.SafeHash;
import io.kubra.model.Codec;
import io.kubra.model.KubernetesObject;
import io.kubra.model.apps.v1.ControllerRevision;
import io.kubra.model.core.v1.PodTemplateSpec;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the templates of a workload: an unknown template becomes the next revision, a known one
 * that is taken up again becomes the newest. The data of a revision is the patch that brings its
 * template back.
 */
public final class Revisions {
  private static final int MOST_COLLISIONS = 100;

  /**
   * The revision of the present template.
   *
   * @param collisions how often a name was taken by another template so far
   */
  public record Current(ControllerRevision revision, int collisions) {}

  private final ResourceClient<ControllerRevision> client;
  private final Claims<ControllerRevision> claims;
  private final String hashLabel;

  /**
   * Revisions that are written through a client.
   *
   * @param hashLabel the label of revisions that carries their template's hash
   */
  public Revisions(
      SharedInformer<ControllerRevision> revisions,
      ResourceClient<ControllerRevision> client,
      String hashLabel) {
    this.client = client;
    this.claims = new Claims<>(revisions, client);
    this.hashLabel = hashLabel;
  }

  /** The owner's revisions, oldest first, after adopting and releasing. */
  public <O extends KubernetesObject> List<ControllerRevision> claim(
      O owner, ResourceClient<O> owners, @Nullable LabelSelector selector) {
    return claims
        .claim(owner, owners, r -> Selectors.matches(selector, r.metadata().labels()), r -> true)
        .stream()
        .sorted(
            Comparator.comparingLong(ControllerRevision::revision)
                .thenComparing(r -> r.metadata().name()))
        .toList();
  }

  /** The revision of a template: an existing one, renumbered if need be, or a new one. */
  public Current current(
      KubernetesObject owner,
      PodTemplateSpec template,
      List<ControllerRevision> known,
      int collisions) {
    Map<String, Object> data = data(template);
    long next = known.isEmpty() ? 1 : known.getLast().revision() + 1;
    for (ControllerRevision revision : known.reversed()) {
      if (Trees.equal(tree(revision), data)) {
        boolean newest = revision.revision() == known.getLast().revision();
        return new Current(
            newest ? revision : client.update(revision.toBuilder().revision(next).build()),
            collisions);
      }
    }
    return create(owner, template, data, next, collisions);
  }

  private Current create(
      KubernetesObject owner,
      PodTemplateSpec template,
      Map<String, Object> data,
      long number,
      int collisions) {
    for (int count = collisions; ; count++) {
      String hash = SafeHash.of(Json.write(data), count);
      Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
      labels.put(hashLabel, hash);
      ControllerRevision wanted =
          ControllerRevision.builder()
              .metadata(
                  ObjectMeta.builder()
                      .name(owner.metadata().name() + "-" + hash)
                      .namespace(owner.metadata().namespace())
                      .labels(labels)
                      .annotations(owner.metadata().annotations())
                      .ownerReferences(List.of(Owners.controllerReference(owner)))
                      .build())
              .data(data)
              .revision(number)
              .build();
      try {
        return new Current(client.create(wanted), count);
      } catch (ApiException e) {
        if (e.code() != 409 || count - collisions > MOST_COLLISIONS) {
          throw e;
        }
        ControllerRevision found =
            client.get(wanted.metadata().namespace(), wanted.metadata().name());
        if (Owners.controls(owner, found) && Trees.equal(tree(found), data)) {
          return new Current(found, count);
        }
      }
    }
  }

  /** Deletes the oldest revisions beyond a limit that no pod needs. */
  public void truncate(List<ControllerRevision> known, Collection<String> live, int limit) {
    List<ControllerRevision> idle =
        known.stream().filter(r -> !live.contains(r.metadata().name())).toList();
    for (ControllerRevision old : idle.subList(0, Math.max(0, idle.size() - limit))) {
      client.delete(old.metadata().namespace(), old.metadata().name());
    }
  }

  /** The hash that the revision's label carries. */
  public String hash(ControllerRevision revision) {
    return revision.metadata().labels().getOrDefault(hashLabel, "");
  }

  /** The template that a revision keeps. */
  public static PodTemplateSpec template(ControllerRevision revision) {
    Map<String, Object> template = Trees.map(tree(revision), "spec", "template");
    if (template == null) {
      return PodTemplateSpec.empty();
    }
    Map<String, Object> plain = new LinkedHashMap<>(template);
    plain.remove("$patch");
    return Codec.read(Json.write(plain), PodTemplateSpec::read);
  }

  private static Map<String, Object> data(PodTemplateSpec template) {
    Map<String, Object> tree = Json.parseObject(template.toJson());
    tree.put("$patch", "replace");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("template", tree);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("spec", spec);
    return data;
  }

  private static @Nullable Object tree(ControllerRevision revision) {
    return revision.data() == null ? null : Json.parse(Json.write(revision.data()));
  }
}
