using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>
/// Makes records with every property set, each to another value, so that a field that a form forgets is missed. An image within
/// an image is left without a third.
/// </summary>
internal sealed class Filled
{
    private int _next;
    private int _images;

    public static object Of(Type type) => new Filled().Make(type);

    /// <summary>The properties that are still what they are in a new value: what a form forgot, or the generator.</summary>
    public static IEnumerable<string> Unset(object value) => Properties(value.GetType())
        .Where(property => property.GetValue(value) is null or "" or 0 or 0L or 0UL or false or Array { Length: 0 } || IsEmpty(property.GetValue(value)))
        .Select(property => $"{value.GetType().Name}.{property.Name}");

    private static bool IsEmpty(object? value) =>
        value is DateTimeOffset { Ticks: 0 } || value is System.Collections.IEnumerable many and not string && !many.Cast<object?>().Any();

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties().Where(property => property.GetMethod is { IsStatic: false } && property.CanWrite);

    private object Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Make(inner);
        }

        var number = ++_next;
        return type switch
        {
            _ when type == typeof(string) => $"text {number}",
            _ when type == typeof(int) => number,
            _ when type == typeof(long) => 1_000_000_000_000 + number,
            _ when type == typeof(ulong) => ulong.MaxValue - (ulong)number,
            _ when type == typeof(bool) => true,
            _ when type == typeof(Guid) => new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero).AddTicks(number),
            _ when type == typeof(Payload) => Payload.Parse(string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{number}}}")),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!,
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => Two(type),
            _ when type == typeof(ImmutableSortedDictionary<string, string>) =>
                ImmutableSortedDictionary<string, string>.Empty.Add($"key {number}", "one").Add($"further key {number}", "two"),
            _ => Record(type),
        };
    }

    private object Two(Type array)
    {
        var element = array.GetGenericArguments()[0];
        var values = Array.CreateInstance(element, 2);
        values.SetValue(Make(element), 0);
        values.SetValue(Make(element), 1);
        return typeof(ImmutableArray).GetMethods()
            .Single(method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType: { IsArray: true } }])
            .MakeGenericMethod(element).Invoke(null, [values])!;
    }

    private object Record(Type type)
    {
        var isImage = type == typeof(RunImage) && ++_images > 1;
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        var value = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType))]);
        var given = constructor.GetParameters().Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var property in Properties(type).Where(property => !given.Contains(property.Name)))
        {
            if (!isImage || property.Name != nameof(RunImage.Rewinding))
            {
                property.SetValue(value, Make(property.PropertyType));
            }
        }

        return value;
    }
}
