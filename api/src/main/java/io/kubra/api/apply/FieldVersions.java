package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an object looks in other versions of its kind, for managers that wrote in them: where their
 * fields have other places, only a look at the object in their version tells what a change takes
 * from them.
 */
public interface FieldVersions {

  /**
   * The object in another version, a new tree; null if the version is not served any more.
   *
   * @throws io.kubra.api.status.ApiException if it cannot be converted
   */
  @Nullable Map<String, Object> convert(Map<String, Object> object, String apiVersion);

  /** The type of the kind in a version; null if it is not served any more. */
  @Nullable Schema schema(String apiVersion);
}
