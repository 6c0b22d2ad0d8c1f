using System.Globalization;
using System.Text;

namespace ActorFlow.Core.Schemas;

/// <summary>
/// Translates a JavaScript regular expression to .NET: characters are code points and not UTF-16 units, <c>$</c> is the end and not also a
/// last line break, <c>\d</c>, <c>\w</c>, <c>\s</c>, <c>\b</c> and <c>.</c> have the meaning that JavaScript gives them.
/// </summary>
internal sealed class PatternTranslation
{
    // \b of .NET counts letters of all scripts.
    private const string AtWordEnd = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
    private const string WithinOrOutsideWord = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

    private readonly string _pattern;
    private readonly StringBuilder _text;
    private int _at;

    private PatternTranslation(string pattern) => (_pattern, _text) = (pattern, new(pattern.Length + 16));

    /// <exception cref="ArgumentException">The pattern is not valid; errors that are not found here are found by .NET.</exception>
    public static string Of(string pattern)
    {
        var translation = new PatternTranslation(pattern);
        translation.Run();
        return translation._text.ToString();
    }

    private void Run()
    {
        while (_at < _pattern.Length)
        {
            switch (_pattern[_at])
            {
                case '\\' when _at + 1 < _pattern.Length:
                    Escape();
                    break;
                case '[':
                    _at++;
                    _text.Append(Class().ToRegex());
                    break;
                case '.':
                    _at++;
                    _text.Append(CodePointSet.NoLineEnds.ToRegex());
                    break;
                case '$':
                    _at++;
                    _text.Append(@"\z");
                    break;
                case var unit when char.IsSurrogate(unit):
                    Single(CodePoint());
                    break;
                case var unit:
                    _at++;
                    _text.Append(unit);
                    break;
            }
        }
    }

    private void Escape()
    {
        var start = _at++;
        switch (_pattern[_at])
        {
            case 'b':
                _at++;
                _text.Append(AtWordEnd);
                break;
            case 'B':
                _at++;
                _text.Append(WithinOrOutsideWord);
                break;
            default:
                if (EscapedSet() is { } set)
                {
                    _text.Append(set.ToRegex());
                }
                else if (EscapedCodePoint() is { } codePoint)
                {
                    Single(codePoint);
                }
                else
                {
                    // An escaped character, or a reference to a group: .NET writes them alike.
                    _at++;
                    _text.Append(_pattern, start, 2);
                }

                break;
        }
    }

    private void Single(int codePoint) => _text.Append(CodePointSet.Of(codePoint).ToRegex());

    private CodePointSet Class()
    {
        var isExcluding = TryTake('^');
        var ranges = new List<(int First, int Last)>();
        while (!TryTake(']'))
        {
            var atom = ClassAtom();
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                ranges.AddRange(Range(atom, ClassAtom()));
            }
            else
            {
                ranges.AddRange(atom.Ranges);
            }
        }

        var set = new CodePointSet(ranges);
        return isExcluding ? set.Complement() : set;
    }

    private static IEnumerable<(int First, int Last)> Range(CodePointSet from, CodePointSet to)
    {
        if ((from.Only, to.Only) is not ({ } first, { } last))
        {
            // `a-\d`: the dash stands for itself.
            return [.. from.Ranges, ('-', '-'), .. to.Ranges];
        }

        return first <= last ? [(first, last)] : throw new ArgumentException("a range of a class ends before it begins");
    }

    private CodePointSet ClassAtom()
    {
        if (_at >= _pattern.Length)
        {
            throw new ArgumentException("a class lacks its `]`");
        }

        if (_pattern[_at] == '\\' && _at + 1 < _pattern.Length)
        {
            _at++;
            return TryTake('b') ? CodePointSet.Of('\b') : EscapedSet() ?? CodePointSet.Of(EscapedCodePoint() ?? CodePoint());
        }

        return CodePointSet.Of(CodePoint());
    }

    private CodePointSet? EscapedSet()
    {
        var kind = _pattern[_at];
        if (kind is 'p' or 'P' && _pattern.IndexOf('}', _at) is var end and > 0 && _pattern[_at + 1] == '{')
        {
            var property = UnicodeProperties.Find(_pattern[(_at + 2)..end]);
            _at = end + 1;
            return kind == 'p' ? property : property.Complement();
        }

        var set = char.ToLowerInvariant(kind) switch
        {
            'd' => CodePointSet.Digits,
            'w' => CodePointSet.Words,
            's' => CodePointSet.WhiteSpace,
            _ => null,
        };
        if (set is null)
        {
            return null;
        }

        _at++;
        return char.IsUpper(kind) ? set.Complement() : set;
    }

    private int? EscapedCodePoint()
    {
        var (codePoint, length) = _pattern[_at] switch
        {
            't' => ('\t', 1),
            'n' => ('\n', 1),
            'v' => ('\v', 1),
            'f' => ('\f', 1),
            'r' => ('\r', 1),
            '0' when !(_at + 1 < _pattern.Length && char.IsAsciiDigit(_pattern[_at + 1])) => (0, 1),
            'c' when _at + 1 < _pattern.Length && char.IsAsciiLetter(_pattern[_at + 1]) => (_pattern[_at + 1] % 32, 2),
            'x' => (Hex(_at + 1, 2), 3),
            'u' when _at + 1 < _pattern.Length && _pattern[_at + 1] == '{' => Braced(),
            'u' => Units(),
            _ => (-1, 0),
        };
        _at += length;
        return codePoint < 0 ? null : codePoint;
    }

    private (int CodePoint, int Length) Braced()
    {
        var end = _pattern.IndexOf('}', _at);
        var codePoint = end < 0 ? -1 : Hex(_at + 2, end - _at - 2);
        return codePoint is >= 0 and <= 0x10FFFF ? (codePoint, end - _at + 1) : throw new ArgumentException("`\\u{` needs a code point and `}`");
    }

    /// <summary>Reads one <c>\uXXXX</c>, or two that make one character.</summary>
    private (int CodePoint, int Length) Units()
    {
        var high = Hex(_at + 1, 4);
        var low = high is >= 0xD800 and <= 0xDBFF && _at + 6 < _pattern.Length && _pattern[_at + 5] == '\\' && _pattern[_at + 6] == 'u' ? Hex(_at + 7, 4) : -1;
        return low is >= 0xDC00 and <= 0xDFFF ? (char.ConvertToUtf32((char)high, (char)low), 11) : (high, 5);
    }

    private int Hex(int start, int length) =>
        length > 0 && start + length <= _pattern.Length
        && int.TryParse(_pattern.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ArgumentException($"the escape needs {length} hexadecimal digits");

    private int CodePoint()
    {
        var isPair = _at + 1 < _pattern.Length && char.IsSurrogatePair(_pattern[_at], _pattern[_at + 1]);
        var codePoint = isPair ? char.ConvertToUtf32(_pattern[_at], _pattern[_at + 1]) : _pattern[_at];
        _at += isPair ? 2 : 1;
        return codePoint;
    }

    private bool TryTake(char sign)
    {
        if (_at < _pattern.Length && _pattern[_at] == sign)
        {
            _at++;
            return true;
        }

        return false;
    }
}
