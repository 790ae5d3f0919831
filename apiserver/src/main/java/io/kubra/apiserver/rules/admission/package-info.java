/** Rules of the configuration of admission: webhooks and policies. */
@NullMarked
package io.kubra.apiserver.rules.admission;

import org.jspecify.annotations.NullMarked;
