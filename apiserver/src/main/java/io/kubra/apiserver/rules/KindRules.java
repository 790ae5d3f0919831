package io.kubra.apiserver.rules;

import io.kubra.api.status.FieldError;
import io.kubra.apiserver.table.TablePrinter;
import io.kubra.store.Durability;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is special about one kind, in its storage version. The generic machinery has already
 * done what is the same for all kinds: metadata (names, uid, timestamps, generation, immutability)
 * is set and validated, and for kinds with a status subresource the status is dropped on create and
 * kept from the old object on update (on status updates everything but metadata and status is).
 */
public interface KindRules {

  /** Rules for kinds that need none. */
  KindRules NONE = new KindRules() {};

  /** Fills in defaults; called on every write, after decoding and again after admission. */
  default void applyDefaults(Map<String, Object> object) {}

  /** Resets what clients may not set and fills in what the server decides. */
  default void prepareForCreate(RuleContext context, Map<String, Object> object) {}

  /** As for create; {@code old} must not be changed. */
  default void prepareForUpdate(
      RuleContext context, Map<String, Object> object, Map<String, Object> old) {}

  /** As for update, for writes to the status subresource. */
  default void prepareForStatusUpdate(
      RuleContext context, Map<String, Object> object, Map<String, Object> old) {}

  /** Checks an object to be created; metadata is already checked. */
  default List<FieldError> validate(Map<String, Object> object) {
    return List.of();
  }

  /** Checks an update completely; unless overridden, as a create. */
  default List<FieldError> validateUpdate(Map<String, Object> object, Map<String, Object> old) {
    return validate(object);
  }

  /** Checks a status update. */
  default List<FieldError> validateStatusUpdate(
      Map<String, Object> object, Map<String, Object> old) {
    return List.of();
  }

  /** Where the scale subresource finds what it shows. */
  default ScalePaths scalePaths() {
    return ScalePaths.WORKLOAD;
  }

  /** Whether finalizers may have names that are neither known nor qualified with a domain. */
  default boolean anyFinalizer() {
    return false;
  }

  /** Changes an object that is deleted but may have to wait for finalizers. */
  default void prepareForDelete(Map<String, Object> object, Instant now) {}

  /** What a name of this kind looks like. */
  default NameFormat nameFormat() {
    return NameFormat.DNS_SUBDOMAIN;
  }

  /** The values for field selectors, besides metadata.name and metadata.namespace. */
  default Map<String, String> selectableFields(Map<String, Object> object) {
    return Map.of();
  }

  /** The fields that selectors may name, besides metadata.name and metadata.namespace. */
  default Set<String> selectableFieldNames() {
    return Set.of();
  }

  /** Warnings to send to whoever writes this object. */
  default List<String> warnings(Map<String, Object> object) {
    return List.of();
  }

  /**
   * Whether metadata.generation counts changes. The generic rule counts every change outside of
   * metadata and status.
   */
  default boolean generationTracked() {
    return false;
  }

  /** How safe a write must be before it is acknowledged. */
  default Durability durability() {
    return Durability.DURABLE;
  }

  /** Whether a create keeps the status that the client sent although there is a subresource. */
  default boolean keepsStatusOnCreate() {
    return false;
  }

  /**
   * The grace period, in seconds, of a delete that does not say one; zero means that the object
   * goes at once. Only pods have one.
   */
  default long defaultGracePeriodSeconds(Map<String, Object> object) {
    return 0;
  }

  /** Whether a PUT of an object that does not exist creates it. */
  default boolean allowCreateOnUpdate() {
    return false;
  }

  /** Whether a PUT without resourceVersion is accepted. */
  default boolean allowUnconditionalUpdate() {
    return true;
  }

  /** The columns for {@code kubectl get}; null for Name and Age. */
  default @Nullable TablePrinter printer() {
    return null;
  }
}
