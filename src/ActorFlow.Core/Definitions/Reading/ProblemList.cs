namespace ActorFlow.Core.Definitions.Reading;

/// <summary>The problems found in one file, up to the number that is reported.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<DefinitionProblem> _problems = [];
    private int _suggestions = 50;

    /// <summary>Whether one of them is an error.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>All of them in file order.</summary>
    public IEnumerable<DefinitionProblem> InOrder => _problems.OrderBy(problem => problem.Position ?? SourcePosition.Start);

    public void Add(string code, SourceNode node, string message)
    {
        node.IsFaulty = true;
        Add(code, node.Start, message);
    }

    public void Add(string code, SourcePosition position, string message) =>
        Add(new DefinitionProblem(code, message) { Position = position });

    public void Add(DefinitionProblem problem)
    {
        HasErrors |= !problem.IsWarning;
        if (_problems.Count < DefinitionLimits.Problems - 1)
        {
            _problems.Add(problem with { File = file });
        }
        else if (_problems.Count == DefinitionLimits.Problems - 1)
        {
            // It stands last, wherever the other problems are.
            _problems.Add(new(DefinitionCodes.TooManyProblems, "there are more problems; these come first")
            {
                File = file,
                Position = new(int.MaxValue, 1),
            });
        }
    }

    /// <summary>"Did you mean", for the first errors only: looking for near words costs more than the rest.</summary>
    public string Suggest(string word, IEnumerable<string> known) => _suggestions-- > 0 ? NearestWord.Suggest(word, known) : "";
}
