package io.kubra.controllers.runtime;

import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.model.KubernetesObject;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which objects are whose: finds an owner's objects by its uid, adopts matching orphans and
 * releases what no longer matches.
 *
 * @param <T> the type of what is owned
 */
public final class Claims<T extends KubernetesObject> {
  private static final String INDEX = "controlled-by";

  private final SharedInformer<T> objects;
  private final ResourceClient<T> client;
  private final List<String> finalizers;

  /** Claims written through the client; the index is added to the informer. */
  public Claims(SharedInformer<T> objects, ResourceClient<T> client) {
    this(objects, client, List.of());
  }

  /** Claims that put finalizers on what they adopt, and take them off what they release. */
  public Claims(SharedInformer<T> objects, ResourceClient<T> client, List<String> finalizers) {
    this.objects = objects.index(INDEX, Claims::holder);
    this.client = client;
    this.finalizers = finalizers;
  }

  private static List<String> holder(KubernetesObject object) {
    OwnerReference owner = Owners.controllerOf(object);
    return owner == null
        ? List.of("orphans/" + object.metadata().namespace())
        : List.of(owner.uid());
  }

  /** What names the owner as its controller, matching or not. */
  public List<T> of(KubernetesObject owner) {
    return objects.byIndex(INDEX, owner.metadata().uid());
  }

  /**
   * What is the owner's after adopting and releasing. An owner that is being deleted only keeps
   * what it has; before the first adoption the server is asked whether the owner still lives.
   *
   * @param owners where to ask for the owner
   * @param matches whether an object belongs to the owner
   * @param adoptable which matching orphans may be adopted
   */
  public <O extends KubernetesObject> List<T> claim(
      O owner, ResourceClient<O> owners, Predicate<T> matches, Predicate<T> adoptable) {
    List<T> mine = new ArrayList<>();
    boolean deleting = owner.metadata().deletionTimestamp() != null;
    for (T object : of(owner)) {
      if (matches.test(object)) {
        mine.add(object);
      } else if (!deleting && object.metadata().deletionTimestamp() == null) {
        Owners.release(client, object, owner, finalizers);
      }
    }
    boolean asked = false;
    for (T object : objects.byIndex(INDEX, "orphans/" + owner.metadata().namespace())) {
      if (deleting
          || object.metadata().deletionTimestamp() != null
          || !matches.test(object)
          || !adoptable.test(object)) {
        continue;
      }
      if (!asked && !Owners.lives(owners, owner)) {
        return mine;
      }
      asked = true;
      mine.add(Owners.adopt(client, object, owner, finalizers));
    }
    return mine;
  }

  /**
   * The keys of the owners to look at when an object changed: its controller, or those that might
   * adopt it.
   */
  public static <O extends KubernetesObject> List<String> owners(
      KubernetesObject object,
      String kind,
      SharedInformer<O> owners,
      Function<O, @Nullable LabelSelector> selector) {
    if (Owners.controllerOf(object) != null) {
      return Owners.keysOf(object, kind);
    }
    return owners.list(object.metadata().namespace()).stream()
        .filter(o -> Selectors.matches(selector.apply(o), object.metadata().labels()))
        .map(KubernetesObject::key)
        .toList();
  }
}
