package io.kubra.api.structural;

import com.google.re2j.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value must satisfy beyond its type; absent limits are null.
 *
 * @param pattern as it was written, empty for none
 * @param regex the pattern compiled, null for none and for patterns that are no regular expressions
 * @param not the schema that the value must not satisfy
 */
record Constraints(
    String format,
    @Nullable Double maximum,
    boolean exclusiveMaximum,
    @Nullable Double minimum,
    boolean exclusiveMinimum,
    @Nullable Long maxLength,
    @Nullable Long minLength,
    String pattern,
    @Nullable Pattern regex,
    @Nullable Long maxItems,
    @Nullable Long minItems,
    boolean uniqueItems,
    @Nullable Double multipleOf,
    @Nullable List<Object> allowed,
    @Nullable Long maxProperties,
    @Nullable Long minProperties,
    List<String> required,
    List<StructuralSchema> allOf,
    List<StructuralSchema> oneOf,
    List<StructuralSchema> anyOf,
    @Nullable StructuralSchema not) {}
