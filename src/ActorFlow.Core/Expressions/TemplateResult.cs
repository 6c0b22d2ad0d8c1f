using System.Collections.Immutable;

namespace ActorFlow.Core.Expressions;

/// <summary>The result of an evaluated template.</summary>
/// <param name="Value">The JSON value, without secrets.</param>
/// <param name="Secrets">The slots that the worker fills with secrets, in document order; empty for most templates.</param>
internal readonly record struct TemplateResult(Payload Value, ImmutableArray<SecretSlot> Secrets);

/// <summary>
/// The place of a secret in an evaluated input. It is recorded beside the value and not inside it, so that data that looks like
/// a placeholder is never mistaken for one.
/// </summary>
/// <param name="Pointer">The JSON Pointer (RFC 6901) of the string.</param>
/// <param name="Offset">The offset in UTF-16 units into that string as recorded, where the secret is inserted.</param>
/// <param name="Name">The name of the secret.</param>
internal sealed record SecretSlot(string Pointer, int Offset, string Name);
