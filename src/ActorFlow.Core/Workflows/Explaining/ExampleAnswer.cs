using System.Text.Json;

namespace ActorFlow.Core.Workflows.Explaining;

/// <summary>Answers that questions take, as they are typed.</summary>
internal static class ExampleAnswer
{
    /// <summary>An answer that the question takes, or a word that stands for one.</summary>
    public static string To(OpenQuestion question) => question.Kind switch
    {
        AskKind.Approval or AskKind.Validation => "yes",
        AskKind.Rating => "5",
        AskKind.Choice => TextOf(OptionsOf(question)[0]),
        _ => "TEXT",
    };

    /// <summary>The options of the question; empty unless it is a choice.</summary>
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
}
