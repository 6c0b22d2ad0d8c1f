using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>What one actor has asked the journal to write, until it is answered.</summary>
/// <param name="write">What was asked.</param>
/// <param name="answers">Where the answer goes to be sent.</param>
/// <param name="timeout">How long it may take, for the message.</param>
internal sealed class JournalCall(WriteMessages write, AnswersDue answers, TimeSpan timeout) : IWriteCompletion
{
    private Exception? _failure;
    private int _answered;

    public void Completed(Exception? failure)
    {
        if (failure is OperationCanceledException)
        {
            TimedOut();
        }
        else
        {
            Answer(failure);
        }
    }

    public void TimedOut() => Answer(new TimeoutException($"The write was not known to be durable after {Core.Definitions.Duration.Format(timeout)}."));

    public void Send(IActorRef journal) => JournalAnswers.Send(write, _failure, journal);

    private void Answer(Exception? failure)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 0)
        {
            _failure = failure;
            answers.Add(this);
        }
    }
}

/// <summary>
/// Answers that are due, sent on the thread pool, in order: all that a commit leads to by one work item, and none by the writer's
/// thread, which has the next batch to commit. Safe for all threads.
/// </summary>
/// <param name="journal">Who answers.</param>
/// <param name="log">Where it says what it could not send.</param>
internal sealed class AnswersDue(IActorRef journal, ILoggingAdapter log) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<JournalCall> _due = new();
    private int _sending;

    public void Add(JournalCall call)
    {
        _due.Enqueue(call);
        if (Interlocked.Exchange(ref _sending, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            while (_due.TryDequeue(out var call))
            {
                Send(call);
            }

            Interlocked.Exchange(ref _sending, 0);
        }
        while (!_due.IsEmpty && Interlocked.Exchange(ref _sending, 1) == 0);
    }

    // Nobody else may go without an answer for it, nor the process end.
    private void Send(JournalCall call)
    {
        try
        {
            call.Send(journal);
        }
        catch (Exception error)
        {
            log.Error(error, "A write could not be answered.");
        }
    }
}
