using System.Globalization;

namespace ActorFlow.Core.Schemas;

/// <summary>A mailbox (RFC 5321, 4.1.2); letters beyond ASCII are letters (RFC 6531).</summary>
internal static class EmailFormat
{
    private const int MaxLength = 254;
    private const int MaxLocal = 64;
    private const int MaxLabel = 63;

    public static bool IsValid(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= MaxLocal && text.Length <= MaxLength && IsLocal(text.AsSpan(0, at)) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocal(ReadOnlySpan<char> local)
    {
        if (local is ['"', .. var quoted, '"'])
        {
            return IsQuoted(quoted);
        }

        foreach (var range in local.Split('.'))
        {
            var atom = local[range];
            if (atom.IsEmpty)
            {
                return false;
            }

            foreach (var c in atom)
            {
                if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-/=?^_`{|}~".Contains(c) && !IsBeyondAscii(c))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var isEscaped = text[i] == '\\';
            if (isEscaped && ++i == text.Length)
            {
                return false;
            }

            if (text[i] < ' ' || text[i] == '\x7F' || (text[i] == '"' && !isEscaped))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(string domain) => domain switch
    {
        ['[', 'I', 'P', 'v', '6', ':', .. var address, ']'] => Uri.CheckHostName(address) is UriHostNameType.IPv6 && !address.Contains('%') && address[0] != '[',
        ['[', .. var address, ']'] => IsIPv4(address),
        _ => domain.Split('.').All(IsLabel),
    };

    private static bool IsIPv4(string address) =>
        address.Split('.') is { Length: 4 } parts
        && parts.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _) && (part.Length == 1 || part[0] != '0'));

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-' || IsBeyondAscii(c));

    private static bool IsBeyondAscii(char c) => c > '\x7F' && !char.IsWhiteSpace(c) && !char.IsControl(c);
}
