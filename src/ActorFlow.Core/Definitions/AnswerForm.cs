using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions;

/// <summary>The form of a valid answer to a question (rule 29): the same for a <c>default</c> and for a person's answer.</summary>
internal static class AnswerForm
{
    private const int LowestRating = 1;
    private const int HighestRating = 5;

    /// <summary>What is wrong with an answer, as the end of a sentence; null means that it has the form that the kind asks for.</summary>
    /// <param name="kind">What is asked for.</param>
    /// <param name="options">What a <c>choice</c> chooses from, a JSON array; null means that the options are not known yet, and any scalar is valid.</param>
    /// <param name="value">The answer.</param>
    public static (string Code, string Message)? Fault(AskKind kind, Payload? options, Payload value)
    {
        using var document = value.ToDocument();
        var answer = document.RootElement;
        return kind switch
        {
            AskKind.Approval or AskKind.Validation =>
                answer.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : (DefinitionCodes.WrongType, "must be `true` or `false`"),
            AskKind.Choice => ChoiceFault(options, answer),
            AskKind.Rating => RatingFault(answer),
            _ => answer.ValueKind is JsonValueKind.String ? null : (DefinitionCodes.WrongType, "must be text"),
        };
    }

    private static (string Code, string Message)? RatingFault(JsonElement answer)
    {
        if (answer.ValueKind is not JsonValueKind.Number)
        {
            return (DefinitionCodes.WrongType, $"must be a whole number from {LowestRating} to {HighestRating}");
        }

        var isRating = JsonNumber.Of(answer).IsInteger && answer.GetDouble() is >= LowestRating and <= HighestRating;
        return isRating ? null : (DefinitionCodes.OutOfRange, $"must be a whole number from {LowestRating} to {HighestRating}");
    }

    private static (string Code, string Message)? ChoiceFault(Payload? options, JsonElement answer)
    {
        const int Shown = 10;
        if (options is null)
        {
            return answer.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null
                ? (DefinitionCodes.WrongType, "must be text, a number, `true` or `false`")
                : null;
        }

        using var document = options.ToDocument();
        var all = document.RootElement.EnumerateArray().ToArray();
        if (all.Any(option => JsonEquality.Instance.Equals(option, answer)))
        {
            return null;
        }

        var names = string.Join(", ", all.Take(Shown).Select(option => Excerpt.Of(option.ValueKind is JsonValueKind.String ? option.GetString()! : option.GetRawText())));
        return (DefinitionCodes.BadValue, $"must be one of {names}{(all.Length > Shown ? ", ..." : "")}");
    }
}
