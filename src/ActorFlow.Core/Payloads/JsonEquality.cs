using System.Runtime.InteropServices;
using System.Text.Json;

namespace ActorFlow.Core.Payloads;

/// <summary>
/// Whether two JSON values are the same, as JSON Schema defines it: numbers are compared by their exact value, objects without regard to order;
/// of a repeated name the last counts. It never throws, and takes time linear in the values.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    public static readonly JsonEquality Instance = new();

    /// <summary>Whether two payloads have the same value, however they are written.</summary>
    public static bool AreSame(Payload left, Payload right)
    {
        if (left.Equals(right))
        {
            return true;
        }

        using var one = left.ToDocument();
        using var other = right.ToDocument();
        return Instance.Equals(one.RootElement, other.RootElement);
    }

    public bool Equals(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && left.ValueKind switch
    {
        JsonValueKind.Number => JsonNumber.Of(left).Equals(JsonNumber.Of(right)),
        JsonValueKind.String => HaveSameText(left, right),
        JsonValueKind.Array => HaveSameItems(left, right),
        JsonValueKind.Object => HaveSameMembers(left, right),
        _ => true,
    };

    public int GetHashCode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                return JsonNumber.Of(element).GetHashCode();

            case JsonValueKind.String:
                return StringComparer.Ordinal.GetHashCode(Text(element));

            case JsonValueKind.Array:
                var items = new HashCode();
                foreach (var item in element.EnumerateArray())
                {
                    items.Add(GetHashCode(item));
                }

                return items.ToHashCode();

            case JsonValueKind.Object:
                // A sum, because the order of the members does not matter.
                var sum = 0;
                foreach (var (name, value) in Members(element))
                {
                    sum += HashCode.Combine(StringComparer.Ordinal.GetHashCode(name), GetHashCode(value));
                }

                return HashCode.Combine(JsonValueKind.Object, sum);

            default:
                return (int)element.ValueKind;
        }
    }

    private static bool HaveSameText(JsonElement left, JsonElement right)
    {
        var one = JsonMarshal.GetRawUtf8Value(left);
        var other = JsonMarshal.GetRawUtf8Value(right);
        return one.SequenceEqual(other)
            || ((one.Contains((byte)'\\') || other.Contains((byte)'\\')) && Text(left) == Text(right));
    }

    private bool HaveSameItems(JsonElement left, JsonElement right)
    {
        if (left.GetArrayLength() != right.GetArrayLength())
        {
            return false;
        }

        using var others = right.EnumerateArray();
        foreach (var item in left.EnumerateArray())
        {
            if (!others.MoveNext() || !Equals(item, others.Current))
            {
                return false;
            }
        }

        return true;
    }

    private bool HaveSameMembers(JsonElement left, JsonElement right)
    {
        var (members, others) = (Members(left), Members(right));
        if (members.Count != others.Count)
        {
            return false;
        }

        foreach (var (name, value) in members)
        {
            if (!others.TryGetValue(name, out var other) || !Equals(value, other))
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>(element.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            members[Name(property)] = property.Value;
        }

        return members;
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Undecodable(JsonMarshal.GetRawUtf8Value(element));
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Undecodable(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    /// <summary>Makes a key for a string that has half of a surrogate pair: its raw form after such a half, which equals only itself.</summary>
    private static string Undecodable(ReadOnlySpan<byte> raw) => "\uD800" + System.Text.Encoding.UTF8.GetString(raw);
}
