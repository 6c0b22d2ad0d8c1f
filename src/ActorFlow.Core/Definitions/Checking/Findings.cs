using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Something that a check found.</summary>
/// <param name="Code">What.</param>
/// <param name="Path">Where in the definition.</param>
/// <param name="Message">What, for people.</param>
/// <param name="AtKey">Whether the key is wrong rather than its value.</param>
/// <param name="Offset">How far into the text of the value; none: the value as a whole.</param>
/// <param name="IsWarning">Whether the definition can be run all the same.</param>
internal sealed record Finding(string Code, DefinitionPath Path, string Message, bool AtKey, int? Offset, bool IsWarning)
{
    public DefinitionProblem ToProblem() => new(Code, Message) { Path = Path.ToString(), IsWarning = IsWarning };
}

/// <summary>What the checks found, up to the number that is reported.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];
    private int _suggestions = 50;

    public IReadOnlyList<Finding> All => _all;

    public void Error(string code, DefinitionPath path, string message, bool atKey = false, int? offset = null) =>
        Add(new(code, path, message, atKey, offset, IsWarning: false));

    public void Warning(string code, DefinitionPath path, string message) =>
        Add(new(code, path, message, AtKey: false, Offset: null, IsWarning: true));

    /// <summary>"Did you mean", for the first errors only: looking for near words costs more than the rest.</summary>
    public string Suggest(string word, IEnumerable<string> known) => _suggestions-- > 0 ? NearestWord.Suggest(word, known) : "";

    private void Add(Finding finding)
    {
        // An error is never crowded out by warnings.
        if (_all.Count < DefinitionLimits.Problems || (!finding.IsWarning && _all.Count < 2 * DefinitionLimits.Problems))
        {
            _all.Add(finding);
        }
    }
}
