using ActorFlow.Shell.Asking;
using ActorFlow.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Shell.Tests.Asking;

public sealed class TerminalPromptTests : IDisposable
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
        var people = new TerminalPrompt(
            new(new StringReader("y\n\n"), TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent, () => (["a running 5s", "b running 1s"], 3));

        await people.AskAsync(Asked(AskKind.Approval), null, CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal(
            "Approve it (approve) of order-7 asks for an approval:\n  Ship it?\nmeanwhile: a running 5s, b running 1s and 3 more\n"
            + "  yes or no:   comment (empty for none): ",
            _error.ToString());
    }

    [Fact]
    public async Task Above_a_question_for_a_text_it_is_said_once()
    {
        var people = new TerminalPrompt(
            new(new StringReader("well\n\n"), TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent, () => (["a running 5s"], 0));

        await people.AskAsync(Asked(AskKind.Text), null, CancellationToken.None).WaitAsync(Deadline);

        Assert.StartsWith("meanwhile: a running 5s\nApprove it (approve) of order-7 asks for a text:\n", _error.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_a_question_stands_the_row_above_what_is_typed_says_what_runs_now(bool runsAtFirst)
    {
        var (clock, typed, screen) = (new FakeTimeProvider(), new TypedLines(), new Screen());
        string[] running = runsAtFirst ? ["a running 5s"] : [];
        var people = new TerminalPrompt(
            new(typed, TextWriter.Null, screen, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent, () => (Volatile.Read(ref running), 0), clock);
        var asking = people.AskAsync(Asked(AskKind.Approval), null, CancellationToken.None);
        await typed.IsReadAsync();
        var before = screen.ToString();
        screen.Write("ye");

        await ChangeAsync(["b running 0s"], "b running 0s");
        var first = screen.ToString();
        await ChangeAsync([], "nothing else runs");
        var second = screen.ToString();
        typed.Type("yes");
        typed.Type("");

        Assert.Equal("true", (await asking.WaitAsync(Deadline))!.Value.ToString());
        Assert.EndsWith(runsAtFirst ? "  Ship it?\nmeanwhile: a running 5s\n  yes or no: " : "  Ship it?\n  yes or no: ", before, StringComparison.Ordinal);
        Assert.EndsWith("  Ship it?\nmeanwhile: b running 0s\n  yes or no: ye", first, StringComparison.Ordinal);
        Assert.EndsWith("  Ship it?\nmeanwhile: nothing else runs\n  yes or no: ye", second, StringComparison.Ordinal);
        Assert.EndsWith("  yes or no: ye  comment (empty for none): ", screen.ToString(), StringComparison.Ordinal);

        Task ChangeAsync(string[] next, string text)
        {
            Volatile.Write(ref running, next);
            return Eventually.HoldsAsync(
                () =>
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    return screen.ToString().Contains(text, StringComparison.Ordinal);
                },
                $"the screen shows {text}");
        }
    }

    [Fact]
    public async Task When_the_input_has_ended_nobody_is_there_any_more()
    {
        var people = People("");

        Assert.True(people.IsAttended);
        Assert.Null(await people.AskAsync(Asked(AskKind.Approval), null, CancellationToken.None).WaitAsync(Deadline));
        Assert.False(people.IsAttended);
    }

    [Fact]
    public async Task A_line_typed_after_its_question_was_closed_goes_to_the_next()
    {
        var typed = new TypedLines();
        var people = new TerminalPrompt(new(typed, TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent);
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
        Absent.Tell(new OpenWait.Answer("order-7/kid", Question(AskKind.Choice)));
        Absent.Tell(new OpenWait.Signal("order-7", "go", "start now"));

        Assert.Equal(
            "kid/approve asks: Ship it? (choice: small or 2 or large). Answer with: actorflow answer order-7/kid approve small --data 'my data'\n"
            + "go waits for the signal start now. Send it with: actorflow signal order-7 'start now' JSON --data 'my data'\n",
            _error.ToString());
    }

    private AbsentPrompt Absent => new(_error, "my data");

    private TerminalPrompt People(string typed) =>
        new(new(new StringReader(typed), TextWriter.Null, _error, ErrorIsTerminal: true) { InIsTerminal = true }, _turn, Absent);

    private static OpenQuestion Question(AskKind kind) =>
        new("approve", "Approve it", kind, "Ship\nit?", kind == AskKind.Choice ? Payload.Parse("""["small", 2, "large"]""") : null, null, null);

    private static RunQuestion Asked(AskKind kind) => new("order-7", Question(kind));

    /// <summary>What a terminal shows of what is written to it: the sequences that put the cursor elsewhere included.</summary>
    private sealed class Screen : StringWriter
    {
        private readonly Lock _lock = new();
        private readonly List<string> _rows = [""];
        private (int Row, int Column) _cursor;
        private (int Row, int Column) _saved;

        public Screen() => NewLine = "\n";

        public override void Write(char value) => Write(value.ToString());

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Write(string? value)
        {
            lock (_lock)
            {
                for (var rest = value ?? ""; rest.Length > 0;)
                {
                    rest = rest[Take(rest)..];
                }
            }
        }

        public override string ToString()
        {
            lock (_lock)
            {
                return string.Join('\n', _rows.Select(row => row.TrimEnd('\0')).SkipLast(_rows[^1].Length == 0 ? 1 : 0));
            }
        }

        private int Take(string text)
        {
            switch (text)
            {
                case ['\n', ..]: (_cursor.Row, _cursor.Column) = (_cursor.Row + 1, 0); break;
                case ['\r', ..]: _cursor.Column = 0; break;
                case ['\e', 'D', ..]: _cursor.Row++; break;
                case ['\e', 'M', ..]: _cursor.Row--; break;
                case ['\e', '7', ..]: _saved = _cursor; break;
                case ['\e', '8', ..]: _cursor = _saved; break;
                case ['\e', '[', 'A', ..]: _cursor.Row--; break;
                case ['\e', '[', 'B', ..]: _cursor.Row++; break;
                case ['\e', '[', 'L', ..]: _rows.Insert(_cursor.Row, ""); break;
                case ['\e', '[', '2', 'K', ..]: _rows[_cursor.Row] = ""; return 4;
                case ['\e', ..]: throw new InvalidOperationException($"The screen does not know {text}.");
                default:
                    var row = _rows[_cursor.Row].PadRight(_cursor.Column);
                    _rows[_cursor.Row] = row[.._cursor.Column] + text[0] + (row.Length > _cursor.Column + 1 ? row[(_cursor.Column + 1)..] : "");
                    _cursor.Column++;
                    break;
            }

            while (_rows.Count <= _cursor.Row)
            {
                _rows.Add("");
            }

            return text is ['\e', '[', ..] ? 3 : text[0] == '\e' ? 2 : 1;
        }
    }

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
