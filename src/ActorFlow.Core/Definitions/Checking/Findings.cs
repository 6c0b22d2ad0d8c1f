using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>A problem that a check found.</summary>
/// <param name="Code">The code of the problem.</param>
/// <param name="Path">Where in the definition.</param>
/// <param name="Message">The message, for people.</param>
/// <param name="AtKey">Whether the key is wrong rather than its value.</param>
/// <param name="Offset">The offset into the text of the value; null means the value as a whole.</param>
/// <param name="IsWarning">Whether the definition can be run nevertheless.</param>
internal sealed record Finding(string Code, DefinitionPath Path, string Message, bool AtKey, int? Offset, bool IsWarning)
{
    public DefinitionProblem ToProblem() => new(Code, Message) { Path = Path.ToString(), IsWarning = IsWarning };
}

/// <summary>The problems that the checks found, up to the number that is reported.</summary>
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
        // Errors are kept even when warnings have filled the list.
        if (_all.Count < DefinitionLimits.Problems || (!finding.IsWarning && _all.Count < 2 * DefinitionLimits.Problems))
        {
            _all.Add(finding);
        }
    }
}
