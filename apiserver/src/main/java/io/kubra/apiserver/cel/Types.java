package io.kubra.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The object types of one environment, by name. A type's fields are looked at when an expression
 * names them, and what lies below becomes known then.
 */
@SuppressWarnings("Immutable") // fills itself, and says the same of a name every time
final class Types implements CelTypeProvider {
  private final Map<String, CelType> known = new ConcurrentHashMap<>();

  /** An object type with these fields. */
  static StructType object(String name, Map<String, CelType> fields) {
    return lazyObject(name, fields.keySet(), fields::get);
  }

  /** An object type whose fields' types are made when asked for. */
  static StructType lazyObject(
      String name, Iterable<String> fields, Function<String, CelType> typeOf) {
    return StructType.create(
        name, ImmutableSet.copyOf(fields), field -> Optional.ofNullable(typeOf.apply(field)));
  }

  void add(CelType type) {
    if (type instanceof StructType struct) {
      known.putIfAbsent(struct.name(), watching(struct));
    }
    type.parameters().forEach(this::add);
  }

  /** The same type, from which types below get known when they are used. */
  private StructType watching(StructType struct) {
    return StructType.create(
        struct.name(),
        struct.fieldNames(),
        field -> {
          Optional<CelType> type = struct.findField(field).map(StructType.Field::type);
          type.ifPresent(this::add);
          return type;
        });
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.copyOf(known.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(known.get(name));
  }
}
