namespace ActorFlow.Core.Definitions;

/// <summary>The words of the language for the values of the model's enumerations.</summary>
internal static class LanguageWords
{
    public static readonly (string Word, FailurePolicy Value)[] FailurePolicies =
        [("fail", FailurePolicy.Fail), ("compensate", FailurePolicy.Compensate)];

    public static readonly (string Word, ErrorPolicy Value)[] ErrorPolicies =
        [("fail", ErrorPolicy.Fail), ("continue", ErrorPolicy.Continue)];

    public static readonly (string Word, Backoff Value)[] Backoffs =
        [("exponential", Backoff.Exponential), ("linear", Backoff.Linear), ("constant", Backoff.Constant)];

    public static readonly (string Word, AskKind Value)[] AskKinds =
    [
        ("approval", AskKind.Approval), ("choice", AskKind.Choice), ("rating", AskKind.Rating), ("text", AskKind.Text),
        ("feedback", AskKind.Feedback), ("review", AskKind.Review), ("validation", AskKind.Validation),
    ];

    public static readonly (string Word, ParentClose Value)[] ParentCloses =
        [("cancel", ParentClose.Cancel), ("terminate", ParentClose.Terminate), ("abandon", ParentClose.Abandon)];

    /// <summary>The word for a value.</summary>
    public static string Of<T>((string Word, T Value)[] words, T value)
        where T : struct, Enum =>
        Array.Find(words, word => EqualityComparer<T>.Default.Equals(word.Value, value)).Word
            ?? throw new ArgumentOutOfRangeException(nameof(value), value, "Not a value of the language.");
}
