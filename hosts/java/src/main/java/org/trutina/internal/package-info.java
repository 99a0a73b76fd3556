/** How it is done; no part of the interface. */
package org.trutina.internal;
