using ActorFlow.Core.Definitions;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Tests.Asking;

public sealed class TerminalPeopleTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly TerminalTurn _turn = new();

    public void Dispose() => _turn.Dispose();

    [Fact]
    public async Task A_question_is_shown_with_its_options_numbered_and_answered_with_a_comment()
    {
        var answer = await People("large\nit is a gift\n").AskAsync(Asked(AskKind.Choice), null, CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal(("\"large\"", "it is a gift", Environment.UserName), (answer!.Value.ToString(), answer.Comment, answer.By));
        Assert.Equal(
            "Approve it (approve) of order-7 asks for a choice:\n  Ship it?\n  1. small\n  2. 2\n  3. large\n  1 to 3:   comment (empty for none): ",
            _error.ToString());
    }

    [Fact]
    public async Task What_is_no_answer_is_said_in_a_line_and_asked_again()
    {
        var answer = await People("perhaps\nn\n\n").AskAsync(Asked(AskKind.Approval), null, CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal(("false", null), (answer!.Value.ToString(), answer.Comment));
        Assert.Contains("'perhaps' is no answer to that: yes or no\n", _error.ToString());
    }

    [Fact]
    public async Task What_the_run_refused_is_said_in_a_line_instead_of_the_question()
    {
        await People("longer text\n\n").AskAsync(Asked(AskKind.Text), "approve: too\nshort", CancellationToken.None).WaitAsync(Deadline);

        Assert.StartsWith("  approve: too short\n  text: ", _error.ToString());
    }

    [Fact]
    public async Task What_runs_while_a_question_stands_is_shown_above_it()
    {
        var people = new TerminalPeople(
            new(new StringReader("y\n\n"), TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent, () => (["a running 5s", "b running 1s"], 3));

        await people.AskAsync(Asked(AskKind.Approval), null, CancellationToken.None).WaitAsync(Deadline);

        Assert.StartsWith("meanwhile: a running 5s, b running 1s and 3 more\nApprove it (approve) of order-7 asks", _error.ToString());
    }

    [Fact]
    public async Task When_the_input_has_ended_nobody_is_there_any_more()
    {
        var people = People("");

        Assert.True(people.ArePresent);
        Assert.Null(await people.AskAsync(Asked(AskKind.Approval), null, CancellationToken.None).WaitAsync(Deadline));
        Assert.False(people.ArePresent);
    }

    [Fact]
    public async Task A_line_typed_after_its_question_was_closed_goes_to_the_next()
    {
        var typed = new TypedLines();
        var people = new TerminalPeople(new(typed, TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent);
        using var closed = new CancellationTokenSource();
        var first = people.AskAsync(Asked(AskKind.Approval), null, closed.Token);
        await typed.IsReadAsync();
        await closed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Deadline));

        var second = people.AskAsync(Asked(AskKind.Rating), null, CancellationToken.None);
        typed.Type("4");
        typed.Type("");

        Assert.Equal("4", (await second.WaitAsync(Deadline))!.Value.ToString());
        Assert.Equal(2, typed.Reads);
    }

    [Fact]
    public void Without_anybody_there_the_line_names_the_command_that_answers()
    {
        Absent.Tell(new OpenWait.Answer("order-7/kid", AnswerTextTests.Question(AskKind.Choice)));
        Absent.Tell(new OpenWait.Signal("order-7", "go", "start now"));

        Assert.Equal(
            "kid/approve asks: Ship it? (choice: small or 2 or large). Answer with: actorflow answer order-7/kid approve small --data 'my data'\n"
            + "go waits for the signal start now. Send it with: actorflow signal order-7 'start now' JSON --data 'my data'\n",
            _error.ToString());
    }

    private AbsentPeople Absent => new(_error, "my data");

    private TerminalPeople People(string typed) =>
        new(new(new StringReader(typed), TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent);

    private static RunQuestion Asked(AskKind kind) => new("order-7", AnswerTextTests.Question(kind));

    /// <summary>A terminal: reading waits until somebody types.</summary>
    private sealed class TypedLines : TextReader
    {
        private readonly System.Collections.Concurrent.BlockingCollection<string> _lines = [];
        private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public void Type(string line) => _lines.Add(line);

        public Task IsReadAsync() => _read.Task.WaitAsync(Deadline);

        public override string? ReadLine()
        {
            Interlocked.Increment(ref _reads);
            _read.TrySetResult();
            return _lines.Take();
        }
    }
}
