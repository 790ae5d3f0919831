/**
 * The typed model: immutable records for every stable Kubernetes type, in one package for each
 * group and version, generated at build time from the schema data together with their streaming
 * JSON codecs. Fields a record does not know survive a round trip in {@code additional()}.
 */
@NullMarked
package io.kubra.model;

import org.jspecify.annotations.NullMarked;
