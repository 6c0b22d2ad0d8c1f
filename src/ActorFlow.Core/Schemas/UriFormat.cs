namespace ActorFlow.Core.Schemas;

/// <summary>A URI with its scheme (RFC 3986, appendix A).</summary>
internal static class UriFormat
{
    private const string SubDelimiters = "!$&'()*+,;=";

    public static bool IsValid(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetter(text[0]) || !text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
        {
            return false;
        }

        var (rest, fragment) = Cut(text[(colon + 1)..], '#');
        var (hierarchy, query) = Cut(rest, '?');
        if (!Holds(fragment, ":@/?") || !Holds(query, ":@/?"))
        {
            return false;
        }

        if (!hierarchy.StartsWith("//", StringComparison.Ordinal))
        {
            return Holds(hierarchy, ":@/");
        }

        var slash = hierarchy.IndexOf('/', 2);
        var authority = slash < 0 ? hierarchy[2..] : hierarchy[2..slash];
        return IsAuthority(authority) && (slash < 0 || Holds(hierarchy[slash..], ":@/"));
    }

    private static bool IsAuthority(string authority)
    {
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        var host = authority[(at + 1)..];
        var literalEnd = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var colon = host.IndexOf(':', literalEnd);
        var (name, port) = colon < 0 ? (host, "") : (host[..colon], host[(colon + 1)..]);
        return (at < 0 || Holds(authority[..at], ":"))
            && port.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            && (name is ['[', .. var literal, ']'] ? IsLiteral(literal) : Holds(name, ""));
    }

    private static bool IsLiteral(string address) => address is ['v' or 'V', .. var future]
        ? Cut(future, '.') is ({ Length: > 0 } version, { Length: > 0 } rest) && version.All(char.IsAsciiHexDigit) && !rest.Contains('%') && Holds(rest, ":")
        : Uri.CheckHostName(address) is UriHostNameType.IPv6 && address is not ['[', ..] && !address.Contains('%');

    private static (string Before, string After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var index and >= 0 ? (text[..index], text[(index + 1)..]) : (text, "");

    /// <summary>Whether the text has only unreserved characters, escapes, and the characters that are also allowed here.</summary>
    private static bool Holds(string text, string alsoAllowed)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return false;
                }

                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(text[i]) && !"-._~".Contains(text[i]) && !SubDelimiters.Contains(text[i]) && !alsoAllowed.Contains(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
