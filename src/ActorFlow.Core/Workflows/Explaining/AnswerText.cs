using System.Globalization;
using System.Text.Json;

namespace ActorFlow.Core.Workflows.Explaining;

/// <summary>Converts between the text of an answer and its value.</summary>
internal static class AnswerText
{
    /// <summary>The form of the answer: <c>yes or no</c>, <c>1 to 5</c>.</summary>
    public static string FormOf(OpenQuestion question) => question.Kind switch
    {
        AskKind.Approval or AskKind.Validation => "yes or no",
        AskKind.Rating => "1 to 5",
        AskKind.Choice => string.Join(" or ", OptionsOf(question).Select(TextOf)),
        _ => "text",
    };

    /// <summary>An example of an answer to the question.</summary>
    public static string ExampleOf(OpenQuestion question) => question.Kind switch
    {
        AskKind.Approval or AskKind.Validation => "yes",
        AskKind.Rating => "5",
        AskKind.Choice => TextOf(OptionsOf(question)[0]),
        _ => "TEXT",
    };

    /// <summary>The word for the kind of the question.</summary>
    public static string KindOf(OpenQuestion question) => question.Kind.ToString().ToLowerInvariant();

    /// <summary>The options of the question.</summary>
    public static Payload[] OptionsOf(OpenQuestion question)
    {
        if (question.Options is not { } options)
        {
            return [];
        }

        using var document = options.ToDocument();
        return [.. document.RootElement.EnumerateArray().Select(Payload.FromElement)];
    }

    /// <summary>The text of an option, as it is shown and typed.</summary>
    public static string TextOf(Payload option)
    {
        using var document = option.ToDocument();
        return document.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString()! : option.ToString();
    }

    /// <summary>The value of the text; null means that it does not have the form of the question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="text">The typed text. An option may be typed, or named by its number from 1.</param>
    public static Payload? Read(OpenQuestion question, string text)
    {
        var word = text.Trim();
        return question.Kind switch
        {
            AskKind.Approval or AskKind.Validation => word.ToLowerInvariant() switch
            {
                "y" or "yes" or "true" => Payload.Parse("true"),
                "n" or "no" or "false" => Payload.Parse("false"),
                _ => null,
            },
            AskKind.Rating => word is ['1' or '2' or '3' or '4' or '5'] ? Payload.Parse(word) : null,
            AskKind.Choice => ReadChoice(OptionsOf(question), word),
            _ => word.Length == 0 ? null : Payload.FromString(word),
        };
    }

    private static Payload? ReadChoice(Payload[] options, string word) =>
        Array.Find(options, option => TextOf(option) == word || option.ToString() == word)
        ?? (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= options.Length
            ? options[number - 1]
            : null);
}
