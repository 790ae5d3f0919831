/**
 * Rules of kinds that need little: a name format, a default, a required or immutable field. Kinds
 * with more to say have a class of their own.
 */
@NullMarked
package io.kubra.apiserver.rules.declared;

import org.jspecify.annotations.NullMarked;
