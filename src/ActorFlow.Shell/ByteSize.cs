using System.Globalization;

namespace ActorFlow.Shell;

/// <summary>Formats sizes for people.</summary>
internal static class ByteSize
{
    /// <summary><c>17 B</c>, <c>1.5 KB</c> or <c>20 MB</c>.</summary>
    public static string Of(long bytes)
    {
        FormattableString text = bytes switch
        {
            < 1_024 => $"{bytes} B",
            < 1_024 * 1_024 => $"{bytes / 1_024.0:0.#} KB",
            _ => $"{bytes / (1_024.0 * 1_024):0.#} MB",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
