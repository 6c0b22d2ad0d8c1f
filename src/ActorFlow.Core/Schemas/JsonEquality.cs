using System.Globalization;
using System.Text.Json;

namespace ActorFlow.Core.Schemas;

/// <summary>Equality as JSON Schema has it: numbers by value, objects without regard to order.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    public static readonly JsonEquality Instance = new();

    public bool Equals(JsonElement left, JsonElement right) => JsonElement.DeepEquals(left, right);

    public int GetHashCode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                return double.Parse(element.GetRawText(), CultureInfo.InvariantCulture).GetHashCode();

            case JsonValueKind.String:
                return StringComparer.Ordinal.GetHashCode(element.GetString()!);

            case JsonValueKind.Array:
                return element.EnumerateArray().Aggregate(17, (hash, item) => HashCode.Combine(hash, GetHashCode(item)));

            case JsonValueKind.Object:
                var sum = element.GetPropertyCount();
                foreach (var property in element.EnumerateObject())
                {
                    sum += HashCode.Combine(StringComparer.Ordinal.GetHashCode(property.Name), GetHashCode(property.Value));
                }

                return sum;

            default:
                return (int)element.ValueKind;
        }
    }
}
