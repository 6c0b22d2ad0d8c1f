using System.Collections;
using System.Globalization;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>All that a value holds, as text: records with lists do not compare by what is in them.</summary>
internal static class Description
{
    public static string Of(object? value) => value switch
    {
        null => "none",
        string text => $"'{text}'",
        IActorRef reference => reference.Path.ToString(),
        Payload payload => payload.ToString(),
        DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(Of))}]",
        ValueType when value.GetType().Namespace?.StartsWith("ActorFlow", StringComparison.Ordinal) != true => value.ToString()!,
        Enum => value.ToString()!,
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties()
            .Where(property => property.GetMethod is { IsStatic: false })
            .Select(property => $"{property.Name}={Of(property.GetValue(value))}"))})",
    };
}
