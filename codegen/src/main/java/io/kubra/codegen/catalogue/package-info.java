/**
 * Compiles the schema data to the compact catalogue resource that the api module loads at run time.
 */
@NullMarked
package io.kubra.codegen.catalogue;

import org.jspecify.annotations.NullMarked;
