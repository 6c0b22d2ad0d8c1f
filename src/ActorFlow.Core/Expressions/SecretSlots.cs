using System.Collections.Immutable;

namespace ActorFlow.Core.Expressions;

/// <summary>Puts secrets into the slots that <see cref="Template.Evaluate"/> left for them. The worker does this; the filled value is never recorded.</summary>
internal static class SecretSlots
{
    /// <summary>Whether one of the slots is in the string at <paramref name="pointer"/>, or below it.</summary>
    public static bool Hold(ImmutableArray<SecretSlot> slots, string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        if (!slots.IsDefaultOrEmpty)
        {
            foreach (var slot in slots)
            {
                if (slot.Pointer.StartsWith(pointer, StringComparison.Ordinal)
                    && (slot.Pointer.Length == pointer.Length || slot.Pointer[pointer.Length] == '/'))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The value with each secret in its slot.</summary>
    /// <param name="value">The value as recorded.</param>
    /// <param name="slots">The slots as recorded: those of one string in the order of their offsets.</param>
    /// <param name="resolve">Gives the secret of a name; its exceptions are passed on.</param>
    /// <exception cref="ArgumentException">A slot does not fit the value: there is no string there, or it is too short.</exception>
    public static Payload Fill(Payload value, ImmutableArray<SecretSlot> slots, Func<string, string> resolve)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(resolve);
        if (slots.IsDefaultOrEmpty)
        {
            return value;
        }

        var filling = new SecretFilling(slots, resolve);
        return filling.Fill(value);
    }
}
