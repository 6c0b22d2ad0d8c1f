using System.Globalization;

namespace ActorFlow.Core.Schemas;

/// <summary>Writes and splits JSON Pointers (RFC 6901).</summary>
internal static class SchemaPointer
{
    public static string Append(string pointer, string name) =>
        pointer + "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public static string Append(string pointer, int index) => pointer + "/" + index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The names along a pointer.</summary>
    public static IEnumerable<string> Split(string pointer) =>
        pointer.Split('/').Skip(1).Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
}
