/**
 * CEL over requests that are admitted: what expressions of webhooks and policies can use, and match
 * conditions. Nothing of CEL is loaded before the first expression is compiled.
 */
@NullMarked
package io.kubra.apiserver.admission.expression;

import org.jspecify.annotations.NullMarked;
