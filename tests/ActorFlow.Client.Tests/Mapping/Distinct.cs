using System.Collections.Immutable;
using System.Globalization;

namespace ActorFlow.Client.Tests.Mapping;

/// <summary>Makes values in which every property is set, each to another value and none to its default: one that a mapping forgets is missed.</summary>
internal sealed class Distinct
{
    private int _number;

    public T Of<T>() => (T)Of(typeof(T));

    private object Of(Type type)
    {
        var number = ++_number;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying);
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(1 + (number % (values.Length - 1)))!;
        }

        return type switch
        {
            _ when type == typeof(string) => $"text {number}",
            _ when type == typeof(int) => number,
            _ when type == typeof(long) => (1L << 40) + number,
            _ when type == typeof(bool) => true,
            _ when type == typeof(Guid) => new Guid(number, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero).AddSeconds(number).AddTicks(number),
            _ when type == typeof(Payload) => Payload.Parse($$"""{"number":{{number.ToString(CultureInfo.InvariantCulture)}}}"""),
            _ when type == typeof(ImmutableSortedDictionary<string, string>) => ImmutableSortedDictionary<string, string>.Empty.Add($"key {number}", $"value {number}"),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => ArrayOf(type.GenericTypeArguments[0]),
            _ => ObjectOf(type),
        };
    }

    private object ArrayOf(Type element)
    {
        var items = Array.CreateInstance(element, 2);
        items.SetValue(Of(element), 0);
        items.SetValue(Of(element), 1);
        var create = typeof(ImmutableArray).GetMethods().Single(method =>
            method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }]);
        return create.MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private object ObjectOf(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType))]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(made, Of(property.PropertyType));
        }

        return made;
    }
}
